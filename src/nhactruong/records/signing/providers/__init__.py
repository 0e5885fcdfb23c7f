"""Ways to a private key: software (samples only), token or HSM, remote service, the signer's own PC."""
