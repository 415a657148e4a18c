package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Log has what people at headquarters did beside changing rows, each line bound to the
// one before by its hash. Heads of it are written into the campaigns' histories (Anchor),
// which phones watch: so lines cannot go away unseen either.
type Log struct {
	Store store.Store
	Now   func() time.Time
}

// Note is something that somebody did.
type Note struct {
	Actor    string            // login; of who tried, for a refused sign-in
	Kind     string            // an operation's id, or one of the kinds below
	Campaign schema.CampaignID // zero: it belongs to none
	Subject  string            // what it was done to
	Detail   string
	Program  Program // that asked; zero: a person at a browser
	Address  string  // of the network
}

// Kinds of notes that are no operation's id.
const (
	KindLogin   = "login"
	KindRefused = "login-refused"
	KindLogout  = "logout"
)

// Line is a note in the log.
type Line struct {
	Position   uint64   `json:"position"`
	HappenedAt int64    `json:"happened_at" doc:"Unix milliseconds"`
	Actor      string   `json:"actor" doc:"Login"`
	Name       string   `json:"name" doc:"Of the account, while there is one"`
	Kind       string   `json:"kind"`
	Campaign   string   `json:"campaign,omitempty"`
	Subject    string   `json:"subject"`
	Detail     string   `json:"detail"`
	Address    string   `json:"address"`
	Hash       string   `json:"hash" doc:"SHA-256 over the line and the hash before it, hexadecimal"`
	Refused    bool     `json:"refused" doc:"What the detail says: it was not allowed"`
	Program    *Program `json:"program,omitempty" doc:"What the detail says: the program that asked, by its token; none: a person at a browser"`
	isNumbered bool     // the row names a campaign of this database
}

// head is where the log ends.
type head struct {
	Position uint64
	Hash     []byte
}

// fieldMax is how long a field of a line may be, in bytes.
const fieldMax = 500

// Note writes a line. It is durable when Note returns without an error.
func (l *Log) Note(ctx context.Context, n Note) error {
	line := Line{
		HappenedAt: l.Now().UnixMilli(), Actor: cut(n.Actor), Kind: cut(n.Kind),
		Subject: cut(n.Subject), Detail: cut(detailOf(n.Detail, n.Program)), Address: cut(n.Address),
	}
	err := l.Store.Office(ctx, func(q store.Queryer) error {
		last, err := headOf(ctx, q)
		if err != nil {
			return err
		}
		campaign, err := numberOf(ctx, q, n.Campaign)
		if err != nil {
			return err
		}
		if campaign.Valid { // what is hashed is what can be read back
			line.Campaign = n.Campaign.String()
		}
		line.Position = last.Position + 1
		_, err = q.ExecContext(ctx, `INSERT INTO audit
			(position, happened_at, actor, kind, campaign_no, subject, detail, address, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			line.Position, line.HappenedAt, line.Actor, line.Kind, campaign, line.Subject, line.Detail, line.Address,
			line.sum(last.Hash))
		return err
	})
	if err != nil {
		return fmt.Errorf("write audit line %s: %w", n.Kind, err)
	}
	return nil
}

// numberOf is a campaign's number in this database; none if there is no such campaign, as
// when somebody asks for one that they made up.
func numberOf(ctx context.Context, q store.Queryer, id schema.CampaignID) (no sql.NullInt64, err error) {
	err = q.QueryRowContext(ctx, `SELECT no FROM campaign_state WHERE campaign_id = $1`, id[:]).Scan(&no)
	if errors.Is(err, sql.ErrNoRows) {
		return no, nil
	}
	return no, err
}

// cut makes text fit into a line.
func cut(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
	if len(text) > fieldMax {
		text = strings.ToValidUTF8(text[:fieldMax], "") + "…"
	}
	return text
}

// sum is the line's hash: SHA-256 over a domain, the hash before it, the two numbers
// (8 bytes, big-endian) and the texts, each after its length (4 bytes, big-endian).
func (l *Line) sum(before []byte) []byte {
	h := sha256.New()
	h.Write([]byte("sansuiji audit line v1\n"))
	h.Write(before)
	b := binary.BigEndian.AppendUint64(nil, l.Position)
	b = binary.BigEndian.AppendUint64(b, uint64(l.HappenedAt))
	for _, text := range []string{l.Actor, l.Kind, l.Campaign, l.Subject, l.Detail, l.Address} {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(text))), text...)
	}
	h.Write(b)
	return h.Sum(nil)
}

func headOf(ctx context.Context, q store.Queryer) (h head, err error) {
	err = q.QueryRowContext(ctx, `SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1`).Scan(&h.Position, &h.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		return head{Hash: make([]byte, sha256.Size)}, nil
	}
	return h, err
}

// LogFilter selects lines. Empty fields select all.
type LogFilter struct {
	Actor    string `query:"actor" maxLength:"60"`
	Kind     string `query:"kind" maxLength:"60"`
	Campaign string `query:"campaign" maxLength:"36"`
	Since    int64  `query:"since" doc:"Unix milliseconds"`
	Until    int64  `query:"until" doc:"Unix milliseconds; lines before it"`
}

const selectLines = `SELECT a.position, a.happened_at, a.actor, coalesce(p.name, ''), a.kind, c.campaign_id, coalesce(a.subject, ''),
		coalesce(a.detail, ''), coalesce(a.address, ''), a.hash, a.campaign_no
	FROM audit a LEFT JOIN account p ON p.login = a.actor LEFT JOIN campaign_state c ON c.no = a.campaign_no`

// Lines gives lines from the newest on: those before a position, or the newest if it is 0.
func (l *Log) Lines(ctx context.Context, f LogFilter, before uint64, limit int) (list []Line, err error) {
	where, args, err := f.where()
	if err != nil {
		return nil, err
	}
	if before > 0 {
		args = append(args, before)
		where = append(where, fmt.Sprintf("a.position < $%d", len(args)))
	}
	query := selectLines
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	args = append(args, limit)
	query += fmt.Sprintf(" ORDER BY a.position DESC LIMIT $%d", len(args))
	err = l.Store.Look(ctx, func(q store.Queryer) error {
		list, err = store.List(ctx, q, scanLine, query, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list audit lines: %w", err)
	}
	return list, nil
}

func (f *LogFilter) where() (where []string, args []any, err error) {
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if f.Actor != "" {
		add("a.actor = $%d", f.Actor)
	}
	if f.Kind != "" {
		add("a.kind = $%d", f.Kind)
	}
	if f.Campaign != "" {
		id, err := schema.ParseID[schema.CampaignID](f.Campaign)
		if err != nil {
			return nil, nil, schema.NewFault(schema.FaultValue, "campaign "+f.Campaign)
		}
		add("c.campaign_id = $%d", id[:])
	}
	if f.Since > 0 {
		add("a.happened_at >= $%d", f.Since)
	}
	if f.Until > 0 {
		add("a.happened_at < $%d", f.Until)
	}
	return where, args, nil
}

func scanLine(row store.Scanner) (line Line, err error) {
	var campaign, hash []byte
	var no sql.NullInt64
	err = row.Scan(&line.Position, &line.HappenedAt, &line.Actor, &line.Name, &line.Kind, &campaign, &line.Subject,
		&line.Detail, &line.Address, &hash, &no)
	if err != nil {
		return line, err
	}
	line.isNumbered = no.Valid
	line.readDetail()
	if campaign != nil {
		id, err := schema.IDFromBytes[schema.CampaignID](campaign)
		if err != nil {
			return line, err
		}
		line.Campaign = id.String()
	}
	line.Hash = hex.EncodeToString(hash)
	return line, nil
}
