package review

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// wordStore keeps findings' words the way an engine finds them fast.
type wordStore interface {
	// put takes the place of what a finding had.
	put(ctx context.Context, id schema.RowID, words []string) error
	// forget lets go of all of the campaign's.
	forget(ctx context.Context) error
}

func wordStoreOf(engine schema.Engine, v store.View) wordStore {
	if engine == schema.OnPostgres {
		return vectors{v}
	}
	return documents{v}
}

func hashWords(words []string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return sum[:16]
}

// documents are SQLite's: FTS4 without the texts. A document there cannot be changed, only
// replaced by another.
type documents struct{ store.View }

func (d documents) put(ctx context.Context, id schema.RowID, words []string) error {
	var document int64
	var hash []byte
	now := hashWords(words)
	err := d.QueryRowContext(ctx, `SELECT document, hash FROM search_doc
		WHERE campaign_no = $1 AND finding_id = $2 AND void = 0`, d.CampaignNo, id[:]).Scan(&document, &hash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil || bytes.Equal(hash, now):
		return err
	default:
		if _, err := d.ExecContext(ctx, "UPDATE search_doc SET void = 1 WHERE document = $1", document); err != nil {
			return err
		}
	}
	// The id begins with the milliseconds at which it was made: 48 bits. 15 are left to tell
	// those of one millisecond from one another.
	first := int64(binary.BigEndian.Uint64(id[:8]) >> 16 << 15)
	if err := d.QueryRowContext(ctx, `SELECT coalesce(max(document) + 1, $1) FROM search_doc
		WHERE document >= $1 AND document < $2`, first, first+1<<15).Scan(&document); err != nil {
		return err
	}
	if _, err := d.ExecContext(ctx, `INSERT INTO search_doc (document, campaign_no, finding_id, hash)
		VALUES ($1, $2, $3, $4)`, document, d.CampaignNo, id[:], now); err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, "INSERT INTO search_word (docid, words) VALUES ($1, $2)",
		document, strings.Join(words, " "))
	return err
}

func (d documents) forget(ctx context.Context) error {
	if _, err := d.ExecContext(ctx, "UPDATE search_doc SET void = 1 WHERE campaign_no = $1", d.CampaignNo); err != nil {
		return err
	}
	var others bool
	err := d.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM search_doc WHERE void = 0)").Scan(&others)
	if err != nil || others {
		return err
	}
	for _, query := range []string{ // nobody's: what is void goes, too
		"DELETE FROM search_doc", "DROP TABLE search_word",
		`CREATE VIRTUAL TABLE search_word USING fts4(content="", words, tokenize=simple, order=desc)`,
	} {
		if _, err := d.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// vectors are PostgreSQL's. Words are given as they are: its own parser knows no Chinese.
type vectors struct{ store.View }

func (d vectors) put(ctx context.Context, id schema.RowID, words []string) error {
	_, err := d.ExecContext(ctx, `INSERT INTO search_doc (campaign_no, finding_id, hash, words)
		VALUES ($1, $2, $3, $4::text::tsvector) ON CONFLICT (campaign_no, finding_id)
		DO UPDATE SET hash = excluded.hash, words = excluded.words WHERE search_doc.hash <> excluded.hash`,
		d.CampaignNo, id[:], hashWords(words), vector(words))
	return err
}

// vector is words with their places as PostgreSQL reads them.
func vector(words []string) string {
	var b strings.Builder
	for i, word := range words {
		b.WriteString("'" + word + "':" + strconv.Itoa(i+1) + " ")
	}
	return b.String()
}

func (d vectors) forget(ctx context.Context) error {
	_, err := d.ExecContext(ctx, "DELETE FROM search_doc WHERE campaign_no = $1", d.CampaignNo)
	return err
}

// matching is what somebody looks for as an engine asks it; "" finds nothing.
func matching(engine schema.Engine, search string) string {
	var parts []string
	for _, p := range phrases(search) {
		if engine == schema.OnPostgres {
			parts = append(parts, "'"+strings.Join(p, "' <-> '")+"':*")
		} else {
			parts = append(parts, `"`+strings.Join(p, " ")+`*"`)
		}
	}
	if engine == schema.OnPostgres {
		return strings.Join(parts, " & ")
	}
	return strings.Join(parts, " ")
}
