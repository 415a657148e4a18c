package draw

// The tree of a frame, and of site keys: RFC 9162, §2.1.

// leafHash is the hash of a leaf's bytes.
func leafHash(b []byte) Hash { return sum(append([]byte{0}, b...)) }

func nodeHash(left, right *Hash) Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sum(b[:])
}

// root is the root of a tree with these leaves' hashes.
func root(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return sum(nil)
	case 1:
		return leaves[0]
	}
	k := split(len(leaves))
	left, right := root(leaves[:k]), root(leaves[k:])
	return nodeHash(&left, &right)
}

// split is the largest power of two below n.
func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// path is the hashes that lead from a leaf to the root, the leaf's neighbour first.
func path(leaves []Hash, at int) []Hash {
	if len(leaves) < 2 {
		return nil
	}
	k := split(len(leaves))
	if at < k {
		return append(path(leaves[:k], at), root(leaves[k:]))
	}
	return append(path(leaves[k:], at-k), root(leaves[:k]))
}

// rootOfPath is the root that a leaf at a place of n and a path lead to; false if
// no path of n leaves has that length.
func rootOfPath(leaf Hash, at, n int, path []Hash) (Hash, bool) {
	if n < 2 {
		return leaf, len(path) == 0 && n == 1 && at == 0
	}
	if len(path) == 0 {
		return leaf, false
	}
	k, last := split(n), path[len(path)-1]
	if at < k {
		left, ok := rootOfPath(leaf, at, k, path[:len(path)-1])
		return nodeHash(&left, &last), ok
	}
	right, ok := rootOfPath(leaf, at-k, n-k, path[:len(path)-1])
	return nodeHash(&last, &right), ok
}
