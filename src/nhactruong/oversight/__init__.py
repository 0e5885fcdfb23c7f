"""Looking at the whole: reports, monitoring, digests, measurement. Built in later stages."""
