package review

import (
	"context"
	"errors"
	"io"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// changesAtOnce is how many transactions of a scope one step looks at.
const changesAtOnce = 20

// follow indexes what changed after the revision, of all scopes up to one revision.
func (x *indexing) follow(ctx context.Context) error {
	scopes, err := store.List(ctx, x, func(row store.Scanner) (no int64, err error) {
		return no, row.Scan(&no)
	}, "SELECT no FROM scope WHERE campaign_no = $1", x.CampaignNo)
	if err != nil {
		return err
	}
	upto := x.State.Revision
	changed := map[uint64][]store.Changed{} // by the last revision of their transaction
	for _, scope := range append(scopes, 1) {
		last, err := x.changesOf(ctx, scope, changed)
		if err != nil {
			return err
		}
		upto = min(upto, last)
	}
	again := map[schema.RowID]bool{}
	for last, list := range changed {
		if last > upto {
			continue
		}
		for i := range list {
			if err := x.touch(ctx, &list[i], again); err != nil {
				return err
			}
		}
	}
	x.revision = upto
	return nil
}

// changesOf adds a scope's changes and tells up to which revision they are all there.
func (x *indexing) changesOf(
	ctx context.Context, scope int64, into map[uint64][]store.Changed,
) (upto uint64, err error) {
	count, upto := 0, x.State.Revision
	_, err = store.List(ctx, x, func(row store.Scanner) (struct{}, error) {
		var last, first uint64
		var packed []byte
		if err := row.Scan(&last, &first, &packed); err != nil {
			return struct{}{}, err
		}
		if count++; count == changesAtOnce {
			upto = last
		}
		list, err := store.ReadChanges(into[last], first, packed)
		into[last] = list
		return struct{}{}, err
	}, `SELECT revision, first, rows FROM change WHERE campaign_no = $1 AND scope = $2 AND revision > $3
		ORDER BY revision LIMIT $4`, x.CampaignNo, scope, int64(x.revision), int64(changesAtOnce))
	return upto, err
}

// touch indexes the findings that a changed row is about, each once.
func (x *indexing) touch(ctx context.Context, c *store.Changed, done map[schema.RowID]bool) error {
	if done[c.ID] || c.Table >= len(x.catalogue.Tables) {
		return nil
	}
	where := map[string]string{
		"finding": "f.id = $2", "inspector": "f.inspector_id = $2",
		"unit": "f.visit_id IN (SELECT w.id FROM visit w WHERE w.campaign_no = $1 AND w.unit_id = $2)",
	}[x.catalogue.Tables[c.Table].Name]
	if where == "" {
		return nil
	}
	done[c.ID] = true
	texts, err := x.texts(ctx, where, c.ID[:])
	if err != nil {
		return err
	}
	return x.put(ctx, texts)
}

// followHistory notes which findings the next entries write to.
func (x *indexing) followHistory(ctx context.Context) error {
	type entry struct {
		position uint64
		bytes    []byte
	}
	entries, err := store.List(ctx, x, func(row store.Scanner) (e entry, err error) {
		return e, row.Scan(&e.position, &e.bytes)
	}, `SELECT position, entry FROM history WHERE campaign_no = $1 AND position > $2
		ORDER BY position LIMIT $3`, x.CampaignNo, int64(x.position), int64(indexRows))
	if err != nil {
		return err
	}
	for _, e := range entries {
		for _, id := range findingsOf(e.bytes) {
			if _, err := x.ExecContext(ctx, `INSERT INTO finding_entry (campaign_no, finding_id, position)
				VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, x.CampaignNo, id, int64(e.position)); err != nil {
				return err
			}
		}
		x.position = e.position
	}
	if len(entries) < indexRows {
		x.position = max(x.position, x.State.Position)
	}
	return nil
}

// findingsOf lists the findings that an entry writes to, as far as it can be read.
func findingsOf(entry []byte) (ids [][]byte) {
	e, err := chain.Parse(entry)
	if err != nil {
		return nil
	}
	reader := changeset.NewReader(e.Changeset, changeset.Limits{})
	for {
		c, err := reader.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return ids // the rest is no change of anything
			}
			return ids
		}
		if key := keyOf(&c); c.Table.Name == "finding" && len(key) == 16 {
			ids = append(ids, append([]byte(nil), key...))
		}
	}
}
