package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
)

//go:embed sql
var migrations embed.FS

// Engine is a kind of database that has migrations.
type Engine string

// The engines.
const (
	OnDevice   Engine = "device"
	OnSQLite   Engine = "sqlite"
	OnPostgres Engine = "postgres"
)

// Migration is one step of a database's life. A merged one is never edited.
type Migration struct {
	Number int // 1, 2, …: the database's version after it
	Name   string
	SQL    string
}

// Migrations lists an engine's migrations in order.
func Migrations(engine Engine) ([]Migration, error) {
	names, err := fs.Glob(migrations, path.Join("sql", string(engine), "*.sql"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("list migrations of %s: %w", engine, errNone(err))
	}
	sort.Strings(names)
	out := make([]Migration, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		out[i] = Migration{Number: i + 1, Name: path.Base(name), SQL: string(text)}
	}
	return out, nil
}

func errNone(err error) error {
	if err == nil {
		return fs.ErrNotExist
	}
	return err
}
