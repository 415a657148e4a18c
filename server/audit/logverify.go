package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/history"
)

// Anchor is a head of the log as a campaign's history has it: the body of an event.
type Anchor struct {
	Position uint64 `json:"position"`
	Hash     string `json:"hash"` // hexadecimal
}

// Anchor writes the log's head into the history of each campaign that is not archived
// and does not have it yet.
func (l *Log) Anchor(ctx context.Context, s *ingest.Service) error {
	campaigns, err := store.Campaigns(ctx, l.Store)
	if err != nil {
		return err
	}
	for _, campaign := range campaigns {
		if err := l.anchor(ctx, s, campaign); err != nil {
			return fmt.Errorf("anchor the audit log in %s: %w", campaign, err)
		}
	}
	return nil
}

func (l *Log) anchor(ctx context.Context, s *ingest.Service, campaign schema.CampaignID) error {
	var now head
	var anchors []Anchor
	archived := false
	err := l.Store.Read(ctx, campaign, func(v store.View) (err error) {
		if now, err = headOf(ctx, v); err != nil {
			return err
		}
		if anchors, err = anchorsOf(ctx, v); err != nil {
			return err
		}
		return v.QueryRowContext(ctx, `SELECT count(*) > 0 FROM campaign WHERE campaign_no = $1 AND archived_at IS NOT NULL`,
			v.CampaignNo).Scan(&archived)
	})
	if err != nil || archived || now.Position == 0 || (len(anchors) > 0 && anchors[len(anchors)-1].Position >= now.Position) {
		return err
	}
	body, err := json.Marshal(Anchor{now.Position, hex.EncodeToString(now.Hash)})
	if err != nil {
		return err
	}
	return s.Record(ctx, campaign, ingest.Event{Kind: schema.EventAudited, Body: body})
}

// anchorsOf reads the heads that a campaign's history has, oldest first.
func anchorsOf(ctx context.Context, v store.View) ([]Anchor, error) {
	return store.List(ctx, v, func(row store.Scanner) (a Anchor, err error) {
		var body []byte
		if err = row.Scan(&body); err == nil {
			err = json.Unmarshal(body, &a)
		}
		return a, err
	}, `SELECT body FROM event WHERE campaign_no = $1 AND kind = $2 ORDER BY happened_at, id`, v.CampaignNo, schema.EventAudited)
}

// LogReport is what a check of the log found.
type LogReport struct {
	Lines   uint64 `json:"lines"`
	Anchors int    `json:"anchors" doc:"Heads of the log that histories have"`
	// Bad is the position of the first line that does not belong where it stands, or is not there; 0: none.
	Bad uint64 `json:"bad"`
	// Campaign is the one whose history contradicts the line, if it was found so.
	Campaign string `json:"campaign,omitempty"`
	// MadeUp are lines about campaigns that there never were, which a fault of earlier versions
	// kept without the campaign: with it, as their subject names it, they have their own hash.
	MadeUp []Span `json:"made_up,omitempty"`
}

// Verify reads the whole log, and holds it against the heads that the histories have.
func (l *Log) Verify(ctx context.Context) (report LogReport, err error) {
	campaigns, err := store.Campaigns(ctx, l.Store)
	if err != nil {
		return report, err
	}
	anchors, err := l.anchors(ctx, campaigns, &report)
	if err != nil {
		return report, err
	}
	found := madeUp{waiting: map[asked][]uint64{}}
	for _, id := range campaigns {
		found.known = append(found.known, id.String())
	}
	err = l.Store.Look(ctx, func(q store.Queryer) error {
		rows, err := q.QueryContext(ctx, selectLines+" ORDER BY a.position")
		if err != nil {
			return err
		}
		defer rows.Close()
		before := make([]byte, sha256.Size)
		for rows.Next() && report.Bad == 0 {
			line, err := scanLine(rows)
			if err != nil {
				return err
			}
			before = report.line(line, before, anchors, &found)
		}
		return rows.Err()
	})
	if err != nil {
		return report, fmt.Errorf("verify the audit log: %w", err)
	}
	if report.Bad == 0 {
		report.Bad = found.left()
	}
	report.MadeUp = found.spans
	report.missing(anchors)
	return report, nil
}

// line checks a line after the one whose hash is given, and gives its hash.
func (r *LogReport) line(line Line, before []byte, anchors map[uint64][]told, found *madeUp) (hash []byte) {
	r.Lines++
	hash = line.sum(before)
	if hex.EncodeToString(hash) != line.Hash {
		if kept, ok := found.sum(line, before); ok {
			hash = kept
		}
	}
	if line.Position != r.Lines || hex.EncodeToString(hash) != line.Hash {
		r.Bad = r.Lines
	} else if r.Campaign = contradicts(anchors[line.Position], hash); r.Campaign != "" {
		r.Bad = line.Position
	}
	delete(anchors, line.Position)
	return hash
}

// told is a head that a campaign's history has.
type told struct {
	campaign string
	hash     []byte
}

func (l *Log) anchors(
	ctx context.Context, campaigns []schema.CampaignID, report *LogReport,
) (map[uint64][]told, error) {
	all := map[uint64][]told{}
	for _, campaign := range campaigns {
		err := l.Store.Read(ctx, campaign, func(v store.View) error {
			list, err := anchorsOf(ctx, v)
			for _, a := range list {
				hash, err := hex.DecodeString(a.Hash)
				if err != nil {
					return err
				}
				all[a.Position] = append(all[a.Position], told{campaign.String(), hash})
			}
			report.Anchors += len(list)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read the audit log's heads in %s: %w", campaign, err)
		}
	}
	return all, nil
}

// contradicts names the campaign whose history has another hash for a line; "": none.
func contradicts(anchors []told, hash []byte) string {
	for _, a := range anchors {
		if !bytes.Equal(a.hash, hash) {
			return a.campaign
		}
	}
	return ""
}

// missing finds lines that histories know of and the log has no more.
func (r *LogReport) missing(anchors map[uint64][]told) {
	if r.Bad != 0 {
		return
	}
	for position, list := range anchors {
		if position > r.Lines {
			r.Bad, r.Campaign = r.Lines+1, list[0].campaign
		}
	}
}

// Verdict is what a check of a campaign's history found.
type Verdict struct {
	Entries  uint64        `json:"entries"`
	Devices  int           `json:"devices"`
	Seals    int           `json:"seals" doc:"Signatures of devices"`
	Root     string        `json:"root" doc:"Of the Merkle tree, hexadecimal"`
	Fault    *schema.Label `json:"fault,omitempty" doc:"What is wrong and where, in words; none: the history is what was signed"`
	Position uint64        `json:"position,omitempty" doc:"Of the first bad record"`
}

// VerifyHistory checks the history that the database keeps of a campaign.
func (l *Log) VerifyHistory(ctx context.Context, campaign schema.CampaignID) (Verdict, error) {
	report, err := VerifyHistory(ctx, l.Store, campaign, history.Options{Catalogue: schema.NewCatalogue(), Workers: 1})
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{
		Entries: report.Entries, Devices: len(report.Heads), Seals: report.Seals, Root: hex.EncodeToString(report.Tree.Root[:]),
	}
	if f := report.Fault; f != nil {
		v.Fault, v.Position = &schema.Label{Zh: f.Words(false), En: f.Words(true)}, f.Position
	}
	return v, nil
}
