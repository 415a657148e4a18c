package draw

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Whatever a file holds, it is read or refused in words, and read the same again.

func seeds(f *testing.F, names ...string) {
	f.Helper()
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(vectors, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

func FuzzJSON(f *testing.F) {
	seeds(f, filepath.Join("village", "certificate.json"), filepath.Join("village", "record.json"))
	f.Add([]byte(`{"a":[1,-2,"\u00e9\\\n"],"b":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := parseJSON(text)
		if err != nil {
			if ProblemOf(err) == nil {
				t.Fatal(err)
			}
			return
		}
		once := canonical(nil, v)
		again, err := parseJSON(once)
		if err != nil || !bytes.Equal(canonical(nil, again), once) {
			t.Fatalf("%q, then %v", once, err)
		}
	})
}

func FuzzFrame(f *testing.F) {
	seeds(f, filepath.Join("village", "roster.csv"))
	f.Add([]byte("id,stratum,size,eligible,exclusion,x_m,y_m,name\nV1,C1,3,1,,1,-2,\"a,\"\"b\"\nV2,C1,0,0,E1,0,0,\n"))
	f.Add([]byte("{\"id\":\"V1\",\"stratum\":\"C1\",\"size\":7,\"name\":\"村\"}\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		frame, err := ReadFrame(file)
		if err != nil {
			if ProblemOf(err) == nil {
				t.Fatal(err)
			}
			return
		}
		again, err := ReadFrame(AppendFrame(nil, frame))
		if err != nil || again.Root() != frame.Root() {
			t.Fatalf("%v: another frame", err)
		}
	})
}

func FuzzVerify(f *testing.F) {
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(vectors, "village", name))
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	f.Add(bytes.Join([][]byte{read("certificate.json"), read("roster.csv"), read("record.json")}, []byte{0}))
	f.Fuzz(func(t *testing.T, files []byte) {
		part := append(bytes.SplitN(files, []byte{0}, 3), nil, nil)
		if v := Verify(part[0], part[1], part[0], nil); v.Result == Holds && len(v.Steps) != 8 {
			t.Fatalf("%+v", v)
		}
		VerifySite(part[2], part[0], part[1])
	})
}
