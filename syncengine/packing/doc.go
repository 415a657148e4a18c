// Package packing is the compact form of a push: a run of one device's entries,
// each value held against what both sides know, packed without loss. Canonical
// entries of one change, some 270 bytes, travel in about forty; see bench/wire.go.
//
// docs/PROTOCOL.md has the format. In short: what follows from the place of the
// run (campaign, device, the hash of the entry before) does not travel; each
// value of a changeset has one control byte, and the controls of one column
// stand together, so that they compress; what is random (the lower bits of
// numbers, the random bits of ids) stands apart, bit by bit, and is not
// compressed; texts are a third section. A changeset that is not what a device
// of ours makes travels as it is.
//
// # How a server takes a packed push
//
//  1. ReadBody takes off the signature. Campaign and author come with the request.
//  2. ReadStart tells the seq of the first entry, and how many entries before it
//     are needed. The server looks them up in its own history (the device's head
//     is the last of them, if nothing is missing), or makes the genesis for seq 1.
//     If it does not know the entry before, it answers that there is a gap, with
//     the seq it wants, as to any push.
//  3. Unpack gives canonical entries. ErrVersion and ErrPlace: it asks for the
//     plain form. ErrMalformed: the request is bad.
//  4. chain.Push.Check and everything behind it is as for the plain form. Only if
//     the signature fails, the server asks for the plain form before it believes
//     that: a fork of the chain has another previous hash, so its entries come
//     out as others than were signed, and a difference between the catalogues of
//     both sides shows there too. The plain form then tells what is the matter.
//
// So nothing has to be trusted here: what is wrong in this package, or in the
// context it is given, can make a push slower but never another one.
package packing
