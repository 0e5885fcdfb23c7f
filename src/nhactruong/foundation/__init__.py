"""Ground services every office capability stands on; knows nothing of documents."""
