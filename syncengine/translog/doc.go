// Package translog makes the history of a campaign a transparency log: a Merkle
// tree (RFC 6962, RFC 9162) whose leaf i is the record at position i+1, so the
// tree's size is the position of the newest entry. Headquarters signs the root
// as a checkpoint (C2SP tlog-checkpoint); a device keeps the checkpoints it was
// given and has each new one proved to continue them, so that headquarters
// cannot take back or rewrite what it once acknowledged without every device
// that synced meanwhile seeing it.
//
// The package is pure. What is stored comes in through functions.
package translog
