package translog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ProofMax is the largest number of hashes a proof needs, twice the tree's height.
const ProofMax = 2 * 53

// ProveConsistency proves that the log of size to, which hashes knows, has the
// log of size from as its beginning (RFC 9162, §2.1.4). Everything continues the
// empty log; that proof is empty.
func ProveConsistency(from, to uint64, hashes *Hashes) ([]tlog.Hash, error) {
	if from > to || to > hashes.Size || to > SizeMax {
		return nil, fmt.Errorf("prove that %d is the beginning of %d: %w", from, to, ErrMalformed)
	}
	if from == 0 || from == to {
		return nil, nil
	}
	proof, err := tlog.ProveTree(int64(to), int64(from), hashes)
	if err != nil {
		return nil, fmt.Errorf("prove that %d is the beginning of %d: %w", from, to, err)
	}
	return proof, nil
}

// CheckConsistency checks the proof that one log is the beginning of another.
func CheckConsistency(from, to Tree, proof []tlog.Hash) error {
	err := checkConsistency(from, to, proof)
	if err != nil {
		return fmt.Errorf("check that %d is the beginning of %d: %w", from.Size, to.Size, err)
	}
	return nil
}

func checkConsistency(from, to Tree, proof []tlog.Hash) error {
	switch {
	case from.Size > to.Size, to.Size > SizeMax, len(proof) > ProofMax:
		return ErrMalformed
	case from.Size == 0 && from.Root != emptyRoot():
		return fmt.Errorf("%w: an empty log with another root", ErrMalformed)
	case from.Size == 0 && len(proof) == 0:
		return nil
	case from.Size == 0:
		return fmt.Errorf("%w: a proof where none is needed", ErrMalformed)
	}
	return tlog.CheckTree(proof, int64(to.Size), to.Root, int64(from.Size), from.Root)
}

// ProveInclusion proves that a log of a size, which hashes knows, has a leaf at
// a position (RFC 9162, §2.1.3).
func ProveInclusion(position, size uint64, hashes *Hashes) ([]tlog.Hash, error) {
	if position == 0 || position > size || size > hashes.Size || size > SizeMax {
		return nil, fmt.Errorf("prove position %d of %d: %w", position, size, ErrMalformed)
	}
	proof, err := tlog.ProveRecord(int64(size), int64(position-1), hashes)
	if err != nil {
		return nil, fmt.Errorf("prove position %d of %d: %w", position, size, err)
	}
	return proof, nil
}

// CheckInclusion checks the proof that a log has a leaf at a position.
func CheckInclusion(tree Tree, position uint64, leaf tlog.Hash, proof []tlog.Hash) error {
	err := ErrMalformed
	if position > 0 && position <= tree.Size && tree.Size <= SizeMax && len(proof) <= ProofMax {
		err = tlog.CheckRecord(proof, int64(tree.Size), tree.Root, int64(position-1), leaf)
	}
	if err != nil {
		return fmt.Errorf("check position %d of %d: %w", position, tree.Size, err)
	}
	return nil
}
