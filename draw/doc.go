// Package draw decides by chance, so that nobody can steer it and everybody can
// check it: which units are inspected, which team goes where, in what order a team
// drives, and whom it talks to. It is the norm of docs/DRAW.md in Go;
// web/packages/draw is the same in TypeScript, and both give the same bytes.
//
// The frame (all units, with those that are left out and why) is frozen and hashed.
// A plan names it, the design and the hashes of secrets that several people hold,
// and is published. Then dice are thrown in public. The secrets are opened, and all
// of them together are the seed: whoever wanted another outcome would have had to
// know the dice. A certificate holds all of it, and Verify does it all again.
//
// There is no floating point, no clock, no randomness and no input or output here.
package draw

// Spec is the name of this norm in plans and certificates.
const Spec = "trs1"

// Suite is the name of the hash that everything is built on.
const Suite = "sha256"
