package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
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
	Schema int // the schema version whose tables it leaves
	SQL    string
}

// MigrationsOf is the number of an engine's migrations that a schema version
// needs: programs of that version have no more.
func MigrationsOf(engine Engine, version int) (int, error) {
	steps, err := Migrations(engine)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, step := range steps {
		if step.Schema <= version {
			n = step.Number
		}
	}
	return n, nil
}

// Migrations lists an engine's migrations in order.
func Migrations(engine Engine) ([]Migration, error) {
	names, err := fs.Glob(migrations, path.Join("sql", string(engine), "*.sql"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("list migrations of %s: %w", engine, errNone(err))
	}
	sort.Strings(names)
	out, version := make([]Migration, len(names)), 1
	for i, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		// A file that brings a schema version says so in its name.
		if _, v, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_schema_"); ok {
			if version, err = strconv.Atoi(v); err != nil {
				return nil, fmt.Errorf("read migration %s: %w", name, err)
			}
		}
		out[i] = Migration{Number: i + 1, Name: path.Base(name), Schema: version, SQL: string(text)}
	}
	return out, nil
}

func errNone(err error) error {
	if err == nil {
		return fs.ErrNotExist
	}
	return err
}
