package main

import (
	"crypto/rand"
	"os"
	"slices"
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
	names := strings.Fields(string(text))
	slices.Sort(names)
	made := siteKeys{Campaign: c.campaign}
	var secrets []draw.SiteSecret
	for _, name := range names {
		s := draw.SiteSecret{Site: name}
		if _, err := rand.Read(s.Key[:]); err != nil {
			return err
		}
		secrets = append(secrets, s)
	}
	plan, proofs, err := draw.NewSitesPlan(secrets)
	if err != nil {
		return inFile(c.siteList, err)
	}
	made.Sites = plan
	for i, s := range secrets {
		var unlock [draw.UnlockSize]byte
		if _, err := rand.Read(unlock[:]); err != nil {
			return err
		}
		made.Keys = append(made.Keys, siteKey{
			s, proofs[i], draw.Seal(c.campaign, s.Site, unlock, s.Key), draw.UnlockCode(unlock),
		})
	}
	if err := writeDocument(c.out, &made); err != nil {
		return err
	}
	c.say("sites", plan.N, plan.Root)
	return nil
}
