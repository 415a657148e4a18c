package identity

// CodeAt is what an authenticator app shows.
func CodeAt(secret []byte, step int64) string { return authenticator{secret: secret}.code(step) }
