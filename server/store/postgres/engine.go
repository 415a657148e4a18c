package postgres

import "sansuiji/schema"

// Engine is PostgreSQL's.
func (s *Store) Engine() schema.Engine { return schema.OnPostgres }
