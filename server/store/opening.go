package store

import (
	"errors"
	"fmt"

	"sansuiji/schema"
)

// Opening says what opening a database may do to it.
type Opening int

// What opening a database may do.
const (
	// Upgrade makes the tables that it lacks: it is of this program's version then.
	Upgrade Opening = iota
	// BeginOnly makes the tables of a database that has none; no other changes.
	BeginOnly
	// AsIs changes nothing.
	AsIs
)

// Check says whether a database of one version, counted in migrations, may be opened by
// a program of another. Nothing was changed where it may not.
func (o Opening) Check(have, want int) error {
	switch {
	case have > want:
		return fmt.Errorf("this database is of a newer version: it has %d, this program knows %d; "+
			"nothing was changed: use a newer program", have, want)
	case have == want, o == Upgrade, o == BeginOnly && have == 0:
		return nil
	case have == 0:
		return errors.New("this database has no tables yet; nothing was changed: start the server on it first")
	}
	return fmt.Errorf("this database is of an older version: it has %d, this program wants %d; nothing was changed: "+
		"use the program that wrote it, or make a backup with that one and start the server of this one, which upgrades it",
		have, want)
}

// Migrations lists those that a database of an engine needs for a schema version.
func Migrations(engine schema.Engine, version int) ([]schema.Migration, error) {
	steps, err := schema.Migrations(engine)
	if err != nil {
		return nil, err
	}
	upTo, err := schema.MigrationsOf(engine, version)
	if err != nil {
		return nil, err
	}
	return steps[:upTo], nil
}
