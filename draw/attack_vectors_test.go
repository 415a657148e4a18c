package draw

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// siteCase is an attack at a site, for those who write another program.
type siteCase struct {
	Name        string          `json:"name"`
	Record      json.RawMessage `json:"record"`
	Certificate json.RawMessage `json:"certificate"`
	Roster      string          `json:"roster"`
	Result      string          `json:"result"`
	Problem     *Problem        `json:"problem,omitempty"`
}

// honestCase is the story that attacks change. The second ceremony is verified.
type honestCase struct {
	Frame string            `json:"frame"`
	Log   []json.RawMessage `json:"log"`
	Known []Hash            `json:"known"`
}

// attackCase is what an attack makes of the honest story.
type attackCase struct {
	Name    string      `json:"name"`
	Frame   *lineChange `json:"frame,omitempty"`
	Log     []changed   `json:"log"`
	Known   []Hash      `json:"known,omitempty"`
	Result  string      `json:"result"`
	Problem *Problem    `json:"problem"`
	Hash    Hash        `json:"hash"` // of the certificate
}

// lineChange puts lines in the place of others.
type lineChange struct {
	From int      `json:"from"` // from 0
	Cut  int      `json:"cut"`
	Put  []string `json:"put,omitempty"`
}

// changed is an honest ceremony, by its place from 0, with other values.
type changed struct {
	Of      int           `json:"of"`
	Changes []valueChange `json:"changes,omitempty"`
}

// valueChange puts a value at a path of keys and places; without one what is there goes.
type valueChange struct {
	Path  []any           `json:"path"`
	Value json.RawMessage `json:"value,omitempty"`
}

func honestStory(s *story) honestCase {
	h := honestCase{Frame: string(s.file), Known: s.known()}
	for _, c := range s.ceremonies {
		h.Log = append(h.Log, Canonical(c))
	}
	return h
}

// attackedStory says how a story differs from the honest one, and what it comes to.
func attackedStory(t *testing.T, name string, honest honestCase, s *story) attackCase {
	v := s.verify()
	a := attackCase{
		Name: name, Frame: lineChangeOf(honest.Frame, string(s.file)), Known: s.known(),
		Result: v.Result, Problem: v.problem(), Hash: v.Hash,
	}
	for _, c := range s.ceremonies {
		var best changed
		tree := plainTree(t, Canonical(c))
		for of, text := range honest.Log {
			changes := valueChanges(nil, nil, plainTree(t, text), tree)
			if next := (changed{of, changes}); of == 0 || len(Canonical(next)) < len(Canonical(best)) {
				best = next
			}
		}
		a.Log = append(a.Log, best)
	}
	return a
}

func lineChangeOf(from, to string) *lineChange {
	if from == to {
		return nil
	}
	old, lines := strings.Split(from, "\n"), strings.Split(to, "\n")
	n, least := 0, min(len(old), len(lines))
	for n < least && old[n] == lines[n] {
		n++
	}
	end := 0
	for end < least-n && old[len(old)-1-end] == lines[len(lines)-1-end] {
		end++
	}
	return &lineChange{From: n, Cut: len(old) - end - n, Put: lines[n : len(lines)-end]}
}

// plainTree is a document as values of no type.
func plainTree(t *testing.T, text []byte) (tree any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// valueChanges adds what makes one tree of another at a path.
func valueChanges(list []valueChange, path []any, from, to any) []valueChange {
	if reflect.DeepEqual(from, to) {
		return list
	}
	at := func(step any) []any { return append(slices.Clone(path), step) }
	old, ofKeys := from.(map[string]any)
	object, isObject := to.(map[string]any)
	if ofKeys && isObject {
		keys := maps.Clone(old)
		maps.Copy(keys, object)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			value, kept := object[key]
			if _, was := old[key]; kept && was {
				list = valueChanges(list, at(key), old[key], value)
			} else if kept {
				list = append(list, valueChange{at(key), Canonical(value)})
			} else {
				list = append(list, valueChange{Path: at(key)})
			}
		}
		return list
	}
	oldList, ofPlaces := from.([]any)
	array, isArray := to.([]any)
	if ofPlaces && isArray && len(oldList) == len(array) {
		for i := range array {
			list = valueChanges(list, at(i), oldList[i], array[i])
		}
		return list
	}
	return append(list, valueChange{path, Canonical(to)})
}

// wantVectors wants a file of the vectors to have these cases, one to a line.
func wantVectors(t *testing.T, name string, cases []any) {
	t.Helper()
	var b []byte
	for _, c := range cases {
		b = append(append(b, Canonical(c)...), '\n')
	}
	file := filepath.Join(vectors, name)
	if *update {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, b) {
		t.Errorf("%s is not what these attacks give: if that is meant, run with -update", name)
	}
}
