package simulation

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"sansuiji/device"
	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/sim"
)

// The city: teams with inspectors, units with problems, visits. The first two
// inspectors share a team, and the third is in two.
const (
	teamsCount   = 3
	peopleCount  = 6
	unitsCount   = 4
	devicesMax   = 6 // that a script begins with
	hostilePlace = devicesMax
)

// beginning is when every life begins.
func beginning() time.Time { return time.UnixMilli(1_790_000_000_000) }

// Cities are what lives begin with, made once: headquarters' file at each schema
// version with devices that are enrolled and have pulled all.
type Cities struct {
	folder     string
	site       site
	catalogues [schema.Version + 1]*schema.Catalogue
	cities     [schema.Version + 1]*city
	key        ed25519.PrivateKey // headquarters'
	hq         schema.DeviceID
	campaign   schema.CampaignID
}

// city is headquarters' database of a schema version, and its devices.
type city struct {
	name    string                                       // of the database
	empty   string                                       // a database without campaigns
	replay  string                                       // a SQLite file without campaigns
	images  [devicesMax][schema.Version + 1]device.Image // by the device's schema version
	hostile *outlaw
}

func place(kind string, n int) schema.RowID {
	return schema.NaturalRowID("simulation/"+kind, schema.RowID{byte(n)})
}

// NewCities makes the cities in a folder, headquarters on SQLite files.
func NewCities(folder string) (*Cities, error) { return newCities(folder, files{}) }

// NewCitiesOnPostgres makes the cities with headquarters on databases of a PostgreSQL
// server, whose addresses are given by name. Devices are kept in the folder.
func NewCitiesOnPostgres(folder string, address func(database string) string) (*Cities, error) {
	return newCities(folder, databases{address})
}

func newCities(folder string, at site) (*Cities, error) {
	c := &Cities{
		folder: folder, site: at, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		campaign: schema.CampaignID(place("campaign", 1)),
	}
	var err error
	if c.hq, err = identity.ServerDevice(c.key); err != nil {
		return nil, err
	}
	for v := 1; v <= schema.Version; v++ {
		c.catalogues[v] = schema.CatalogueAt(v)
	}
	for v := 1; v <= schema.Version; v++ {
		if c.cities[v], err = c.build(v); err != nil {
			return nil, fmt.Errorf("build city of schema version %d: %w", v, err)
		}
	}
	return c, nil
}

// services opens headquarters on a database.
func (c *Cities) services(
	name string, version int, now func() time.Time, o opening,
) (store.Store, *ingest.Service, *identity.Service, error) {
	db, err := c.site.open(name, c.catalogues[version], o)
	if err != nil {
		return nil, nil, nil, err
	}
	in := &ingest.Service{
		Store: db, Catalogue: c.catalogues[version], Now: now, Key: c.key, Device: c.hq,
	}
	return db, in, identity.New(db, in, now, c.key), nil
}

// newPhone is the device of a person, switched off.
func (w *world) newPhone(person, version int) *phone {
	return &phone{
		w: w, name: fmt.Sprintf("d%d", person+1), person: person, version: version,
		clock: sim.ClockOf{World: w.time},
	}
}

func (c *Cities) build(version int) (made *city, err error) {
	made = &city{
		name:   c.site.place(c.folder, fmt.Sprint("city", version)),
		empty:  c.site.place(c.folder, fmt.Sprint("empty", version)),
		replay: filepath.Join(c.folder, fmt.Sprintf("replay%d.db", version)),
	}
	for name, at := range map[string]site{made.empty: c.site, made.replay: files{}} {
		if err := at.create(name); err != nil {
			return nil, err
		}
		empty, err := at.open(name, c.catalogues[version], opening{})
		if err != nil {
			return nil, err
		}
		if err := empty.Close(); err != nil {
			return nil, err
		}
	}
	w, err := c.open(made, &sim.Script{City: sim.City{HQ: version, Page: 1000}}, true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.found(); err != nil {
		return nil, err
	}
	if made.hostile, err = w.enrolOutlaw(); err != nil {
		return nil, err
	}
	for n := range devicesMax {
		if err := w.furnish(made, n, version); err != nil {
			return nil, err
		}
	}
	if err := w.hq.close(); err != nil {
		return nil, err
	}
	return made, c.site.copied(w.hq.path, made.name)
}

// found makes the city's rows.
func (w *world) found() error {
	ctx := context.Background()
	if err := w.hq.db.Begin(ctx, w.campaign, schema.Epoch(place("epoch", 1))); err != nil {
		return err
	}
	spki, err := x509.MarshalPKIXPublicKey(w.key.Public())
	if err != nil {
		return err
	}
	b := edit.New(w.hq.catalogue())
	b.Insert("device", schema.RowID(w.Cities.hq), edit.Cells{
		"name": edit.Text("總部"), "public_key": edit.Bytes(spki),
		"enrolled_at": edit.Int(w.time.Now().UnixMilli()),
	})
	if err := w.hq.ingest.WriteRows(ctx, w.campaign, b); err != nil {
		return err
	}
	b = edit.New(w.hq.catalogue())
	b.Insert("campaign", schema.RowID(w.campaign), edit.Cells{
		"code": edit.Text("S"), "name": edit.Text("模擬"),
	})
	for n := range teamsCount {
		b.Insert("team", place("team", n), edit.Cells{
			"number": edit.Int(int64(n)), "name": edit.Text("組"),
		})
	}
	for n := range peopleCount {
		b.Insert("inspector", place("inspector", n), edit.Cells{"name": edit.Text("甲")})
		b.Insert("team_member", place("member", n), edit.Cells{
			"team_id": edit.ID(place("team", teamOf(n))), "inspector_id": edit.ID(place("inspector", n)),
		})
	}
	b.Insert("team_member", place("member", peopleCount), edit.Cells{
		"team_id": edit.ID(place("team", 0)), "inspector_id": edit.ID(place("inspector", 2)),
	})
	for n := range unitsCount {
		w.foundUnit(b, n)
	}
	return w.hq.ingest.WriteRows(ctx, w.campaign, b)
}

func teamOf(person int) int { return [peopleCount]int{0, 0, 1, 1, 2, 0}[person] }

func (w *world) foundUnit(b *edit.Builder, n int) {
	team := edit.ID(place("team", n%teamsCount))
	b.Insert("unit", place("unit", n), edit.Cells{
		"code": edit.Text(fmt.Sprint("V", n)), "name": edit.Text("村"), "team_id": team,
		"category": edit.Text("village"),
	})
	b.Insert("problem", place("problem", n), edit.Cells{
		"unit_id": edit.ID(place("unit", n)), "title": edit.Text("帳目不清"), "severity": edit.Text("minor"),
	})
	b.Insert("ledger_entry", place("ledger", n), edit.Cells{
		"problem_id": edit.ID(place("problem", n)),
	})
	b.Insert("commitment", place("commitment", n), edit.Cells{
		"unit_id": edit.ID(place("unit", n)), "title": edit.Text("修路"),
	})
	b.Insert("visit", place("visit", n), edit.Cells{
		"team_id": team, "unit_id": edit.ID(place("unit", n)),
	})
}

// furnish makes a device of the city at each schema version that it may have.
func (w *world) furnish(made *city, n, version int) error {
	for v := version; v >= 1; v-- {
		p := w.newPhone(n, v)
		p.dice = sim.NewDice(uint64(n), 77) // the same key and id at each version
		image, err := device.NewImage(v)
		if err != nil {
			return err
		}
		if err := p.open(image); err != nil {
			return err
		}
		err = p.enrol()
		if err == nil {
			_, err = p.d.Sync(context.Background())
		}
		if err == nil {
			made.images[n][v], err = p.d.Image()
		}
		if err = errors.Join(err, p.d.Close()); err != nil {
			return fmt.Errorf("furnish device %d of version %d: %w", n, v, err)
		}
		w.truth.forget()
	}
	return nil
}
