// Package template fills documents that offices write in Word: their own wording, with
// places that say what is put in. A template is read and checked before anybody uses it
// (Read, Check), and filled from one state of a campaign (Fill).
//
// The way of a template: package.go and safe.go take the file apart and refuse what is
// dangerous; xml.go reads a part as a tree that writes itself back byte for byte; split.go
// finds places in paragraphs, also where Word has split them over runs; lift.go brings
// begins and ends that stand alone to the level of paragraphs and rows; match.go pairs them
// and looks names up; fill.go writes the tree with what the names stand for.
//
// Nothing in a template is ever computed: a name stands for what the program offers under
// it, or it is a mistake.
package template

import (
	"sansuiji/schema"
	"sansuiji/server/report/paper"
)

// Name is what something is called in templates, in either language.
type Name struct{ En, Zh string }

// Scope is what can be named somewhere: at the top of a template, or in a loop.
type Scope struct {
	Places []Place
	Lists  []List
	Blocks []Block
}

// Place is a text that is put in. at is the item of the loop, nil at the top.
type Place struct {
	Name  Name
	About schema.Label
	Value func(at any) string
	// Says is whether the place is a statement, which the number of its source goes with.
	Says bool
	// Refs are the numbers of what a text at the top rests on; nil: of nothing.
	Refs func(at any) []int
}

// List is what a loop goes through.
type List struct {
	Name  Name
	About schema.Label
	Of    *Scope // what can be named in the loop, beside what can outside
	Items func(at any) []any
	// Refs are the numbers of what an item rests on.
	Refs func(item any) []int
}

// Block is what the program prints in its own way: tables, charts, photos.
type Block struct {
	Name  Name
	About schema.Label
	Make  func(at any) []paper.Block
	// Sources is whether it is the list of what numbers stand for.
	Sources bool
}

// Number is in every loop: which item it is.
func numberName() Name { return Name{"number", "序號"} }

// sourceName is in every loop whose items rest on something: the number of the source.
func sourceName() Name { return Name{"source", "來源"} }
