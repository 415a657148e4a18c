package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"strings"

	"sansuiji/draw"
)

// siteKeys is the file of all sites' keys, which stays at headquarters: what the plan
// says of them, and for each what the phone carries and what opens it.
type siteKeys struct {
	Campaign string          `json:"campaign"`
	Sites    *draw.SitesPlan `json:"sites"`
	Keys     []siteKey       `json:"keys"`
}

type siteKey struct {
	draw.SiteSecret
	Proof  draw.Proof `json:"proof"`
	Sealed []byte     `json:"sealed"` // base64
	Unlock string     `json:"unlock"`
}

// sites makes the keys of the sites that a file names, one to a line.
func (c *drawCommand) sites() error {
	text, err := os.ReadFile(c.siteList)
	if err != nil {
		return err
	}
	list, err := draw.NewSites(strings.Fields(string(text)), rand.Reader)
	if err != nil {
		return err
	}
	ask, err := strconv.ParseInt(c.ask, 10, 64)
	if err != nil {
		return fmt.Errorf("--ask: %w", err)
	}
	plan, proofs, err := draw.NewSitesPlan(draw.Secrets(list), ask, strings.Split(c.modes, ",")...)
	if err != nil {
		return inFile(c.siteList, err)
	}
	made := siteKeys{Campaign: c.campaign, Sites: plan}
	for i, s := range list {
		made.Keys = append(made.Keys, siteKey{
			s.SiteSecret, proofs[i], draw.Seal(c.campaign, s.Site, s.Unlock, s.Key), draw.UnlockCode(s.Unlock),
		})
	}
	if err := writeDocument(c.out, &made); err != nil {
		return err
	}
	c.say("sites", plan.N, plan.Root)
	return nil
}
