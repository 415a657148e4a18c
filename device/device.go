package device

import (
	"crypto"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/translog"
)

// Settings are what a device is given.
type Settings struct {
	// Transport reaches headquarters; nil: there is no network.
	Transport Transport
	// Now is what the device's clock shows, right or wrong.
	Now func() time.Time
	// Random makes ids and keys. It is read by one goroutine at a time.
	Random io.Reader
	// Catalogue may be shared by many devices; nil: one of its own.
	Catalogue *schema.Catalogue
	// Points is called at every named step, and may panic to end the device
	// there as a kill would; nil: off.
	Points func(Point)
	// Version is the program's, which headquarters is told.
	Version string
	// PagesMax bounds the database's size in pages, as a full disk does; 0: no bound.
	PagesMax int
}

// Device is one device. Its methods may be called from several goroutines: one
// talks to headquarters at a time, and others can save meanwhile.
type Device struct {
	Settings
	db    *database
	line  sync.Mutex // held while talking to headquarters
	token heldToken
	who   *Identity     // once read; under db's lock
	key   crypto.Signer // once read; under db's lock
	log   *translog.Log // once headquarters' key is known; under db's lock

	doubted bool // in this contact; under db's lock
}

// Open opens or makes the device's file.
func Open(path string, s Settings) (*Device, error) {
	// SQLite would make it readable for everyone on the machine.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open device: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("open device: %w", err)
	}
	db, err := openFile(path)
	if err != nil {
		return nil, err
	}
	return newDevice(db, s)
}

// Image is a device's whole database, or an empty one: many devices can be made
// of it in no time, and a copied phone is one made of another's.
type Image []byte

// NewImage makes the image of a device that was never used.
// The tables are those of a schema version.
func NewImage(version int) (Image, error) {
	db, err := openMemory(pageSize)
	if err != nil {
		return nil, err
	}
	err = db.migrate(version)
	if err != nil {
		return nil, errors.Join(err, db.close())
	}
	image, err := db.image()
	return image, errors.Join(err, db.close())
}

// OpenImage opens a device in memory.
func OpenImage(image Image, s Settings) (*Device, error) {
	db, err := openImage(image)
	if err != nil {
		return nil, err
	}
	return newDevice(db, s)
}

func newDevice(db *database, s Settings) (*Device, error) {
	if s.Catalogue == nil {
		s.Catalogue = schema.NewCatalogue()
	}
	d := &Device{Settings: s, db: db}
	err := db.bound(s.PagesMax)
	if err == nil {
		err = db.migrate(s.Catalogue.Version)
	}
	if err != nil {
		return nil, errors.Join(err, db.close())
	}
	return d, nil
}

// Image copies the device's database.
func (d *Device) Image() (Image, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.image()
}

// Restart is the device after its program was killed and started again: the
// database is what it was, all else is forgotten. d is not to be used any more.
func (d *Device) Restart(s Settings) (*Device, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	if err := d.db.forget(); err != nil {
		return nil, fmt.Errorf("restart device: %w", err)
	}
	return newDevice(newDatabase(d.db.raw), s)
}

// Close closes the database.
func (d *Device) Close() error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.close()
}

func (d *Device) nowMillis() int64 { return d.Now().UnixMilli() }
