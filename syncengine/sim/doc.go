// Package sim is the pure part of the deterministic simulation: what happens in a
// life, and what goes wrong in it. Package simulation plays it with the program as
// it is. This is the guide to both.
//
// # Seeds and scripts
//
// A seed gives a script (Generate). Which verbs and mishaps are frequent is drawn
// for each seed, so that lives differ. A script is a text, one step a line:
//
//	seed 638
//	city hq=3 devices=3,3,1 page=3 tokens=false
//	d2 insert finding #666410
//	d2 sync #149655 !lost@2 !kill=push.after-answer@1
//	hq backup #173525
//	hq rollback #179568
//
// The city has headquarters of a schema version, devices of theirs, the rows in
// one answer to a pull, and real access tokens or not. A step is an actor, a verb
// (Verbs), its words, and after # the number from which everything that the line
// leaves open is drawn: steps can be left out without changing the others. After !
// come mishaps: of the step's n-th message, or the n-th time at a point.
//
//	go run ./simulation/run -seeds 1000 -from 1     many seeds
//	go run ./simulation/run -script file            one script, told line by line
//
// A seed that fails is shrunk to the shortest script found that fails the same
// oracle (Shrink), and written to testdata/sim/seeds.txt; the seeds there are played
// first. Scripts worth a name are in testdata/sim/*.script.
//
// # What is real, and what is not
//
// Real: package device with its SQLite in memory, server/ingest and server/store on
// a SQLite file, server/backup, the wire's CBOR, signatures, checkpoints. A kill of
// headquarters copies its files at the very point and starts from the copies; one of
// a device forgets all but its database. A full disk is SQLite's own SQLITE_FULL.
//
// Not real: HTTP, fsync (machines do not lose power here), concurrency (one thing
// happens at a time; group commits are tested elsewhere), access tokens in most
// lives, PostgreSQL. Epochs and ids of headquarters' events come from the program's
// own random source; no decision depends on them.
//
// # The properties, and which oracle checks each
//
// After the last step nobody is disturbed any more, carriers deliver what they
// hold and all devices sync, until nothing changes (property 12: in twelve rounds
// at most). Then:
//
//	 1  order, topology    rows, conflicts and outcomes are those of the set
//	 2  idempotence        no entry is there twice; rows are those of the set
//	 3  conservation       no entry is lost; rows, conflicts are those of the set
//	 4  atomicity          replicas equal headquarters; fsck is clean
//	 5  acknowledgement    acknowledged entries are durable, after each kill and at
//	                       the end; receipts are true; outboxes drain; who
//	                       competes in an open conflict knows
//	 6  cursors            replicas equal headquarters, with small pages
//	 7  scopes             replicas equal headquarters: nothing less, nothing more; rows
//	                       are in the scopes of the set
//	 8  overlay            held entries are shown; replicas equal headquarters
//	 9  clocks             chains: effective clocks rise; nothing is refused
//	10  withdrawals        rows are those of the set
//	11  schema versions    replicas equal headquarters in the columns they have
//	12  constraints        everything comes to rest; outboxes drain
//	13  restores           no entry is lost of those that anybody holds; conflicts
//	                       are at least those of the set
//	14  identity           forks are noticed; both branches are kept; no false alarm;
//	                       revoked devices change nothing
//	15  hostile input      hostile entries are refused, or kept aside; headquarters
//	                       works
//
// The set is what package naive makes of all entries of the history, each with
// what its author knew: not what headquarters believes, but what the simulation saw
// headquarters have when the author's device stored its last complete pull, or when
// a person at headquarters opened the screen.
//
// # What the oracles excuse
//
//   - After a restore headquarters may know less than authors did: more writes may
//     compete than need to, never fewer.
//   - After a rollback that nobody declared rows are not compared with the set: what
//     was merged before somebody noticed was judged by another past.
//   - Cells that an author wrote who lies about what it knew are not compared.
//   - Who lies about what others saw of an epoch that ended can hide conflicts of entries
//     of then, and these are not compared.
//   - Where rights changed, outcomes depend on the order of arrival; only rows and
//     conflicts are compared.
//   - A device that missed a whole epoch may raise an alarm at the next: a checkpoint
//     does not say when the epochs before it ended.
package sim
