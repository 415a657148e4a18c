package evidence

import (
	"fmt"

	"sansuiji/schema"
)

// Results of a step, and of all of them.
const (
	Holds   = "holds"
	Fails   = "fails"
	Unknown = "unknown" // it cannot be decided with what is there
)

// Report is what a check came to.
type Report struct {
	Result   string
	Steps    []Step
	Manifest *Manifest // nil: it cannot be read
	Share    *Share    // nil: what the bytes mean was not checked
}

// Step is one thing that was checked.
type Step struct {
	Name   string
	Result string
	Said   []schema.Label // what was found, in words
	Faults []Fault        // the first of them
}

// Fault is one thing that is wrong, and where.
type Fault struct {
	Member string // "": the archive's structure
	Offset int64  // in the member, or in the archive; -1: not known
	Said   schema.Label
}

// faultsMax is how many faults of a step are told.
const faultsMax = 20

// Names of the steps, in their order; Word says them.
const (
	StepArchive    = "archive"
	StepManifest   = "manifest"
	StepMembers    = "members"
	StepCheckpoint = "checkpoint"
	StepEntries    = "entries"
	StepCells      = "cells"
	StepSignatures = "signatures"
	StepSources    = "sources"
	StepPhotos     = "photos"
	StepDraws      = "draws"
)

func both(zh, en string, args ...any) schema.Label {
	return schema.Label{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}
}

// say adds a sentence.
func (s *Step) say(zh, en string, args ...any) { s.Said = append(s.Said, both(zh, en, args...)) }

// fault adds a fault of a member; offset -1 is not known.
func (s *Step) fault(member string, offset int64, said schema.Label) {
	s.Result = Fails
	if len(s.Faults) < faultsMax {
		s.Faults = append(s.Faults, Fault{member, offset, said})
	}
}

// Where says where a fault is, in words.
func (f *Fault) Where() schema.Label {
	name := schema.Label{Zh: f.Member, En: f.Member}
	if f.Member == "" {
		name = Word(StepArchive)
	}
	if f.Offset < 0 {
		return name
	}
	return both(name.Zh+" 第 %[1]d 字節", name.En+", byte %[1]d", f.Offset)
}
