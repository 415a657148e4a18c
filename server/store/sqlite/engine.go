package sqlite

import "sansuiji/schema"

// Engine is SQLite's.
func (s *Store) Engine() schema.Engine { return schema.OnSQLite }
