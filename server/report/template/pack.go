package template

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"sansuiji/server/report/docx"
	"sansuiji/server/report/paper"
)

// pack writes the file: what has places anew, the lists of the package with what blocks
// bring, all else byte for byte.
func (f *filler) pack(w io.Writer) error {
	p := f.program
	z := zip.NewWriter(w)
	trees := map[string]*compiled{}
	for i := range p.parts {
		trees[p.parts[i].name] = &p.parts[i]
	}
	linked := false
	links := linksOf(p.main)
	for _, file := range p.zip.File {
		var err error
		switch part := trees[file.Name]; {
		case part != nil:
			err = f.entry(z, file.Name, func(w io.Writer) error { return f.run(part, w) })
		case file.Name == typesName:
			err = f.extended(z, file.Name, f.guest.ContentTypes())
		case file.Name == p.styles():
			err = f.extended(z, file.Name, f.guest.Styles())
		case file.Name == links:
			linked, err = true, f.extended(z, file.Name, f.guest.Relationships())
		case p.typeOf(file.Name) == "application/vnd.openxmlformats-package.core-properties+xml":
			err = f.entry(z, file.Name, func(w io.Writer) error { _, err := io.WriteString(w, f.guest.Core()); return err })
		default:
			err = z.Copy(file)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", file.Name, err)
		}
	}
	if !linked {
		if err := f.entry(z, links, func(w io.Writer) error {
			_, err := io.WriteString(w, `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
				f.guest.Relationships()+`</Relationships>`)
			return err
		}); err != nil {
			return err
		}
	}
	if err := f.guest.Files(f.ctx, z); err != nil {
		return err
	}
	return z.Close()
}

func linksOf(main string) string { return path.Join(path.Dir(main), "_rels", path.Base(main)+".rels") }

func (f *filler) entry(z *zip.Writer, name string, write func(io.Writer) error) error {
	header := f.guest.Header(name)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	return write(w)
}

// extended writes a part with more at the end of its one element.
func (f *filler) extended(z *zip.Writer, name, more string) error {
	tree := f.program.Template.parts[name]
	return f.entry(z, name, func(w io.Writer) error {
		for _, n := range tree.children {
			xml := n.xml()
			if n.kind == element {
				xml = n.filled(append(n.children[:len(n.children):len(n.children)], &node{kind: other, open: more})).xml()
			}
			if _, err := io.WriteString(w, xml); err != nil {
				return err
			}
		}
		return nil
	})
}

// host is what blocks have to know of the template.
func (t *Template) host(doc *paper.Document) *docx.Host {
	h := &docx.Host{Look: doc.Look, English: doc.English, Prefix: "T", Styles: map[string]string{}}
	for _, s := range t.parts[t.styles()].root().children {
		if name := s.child("w:name"); name != nil && s.name == "w:style" && s.attr("w:type") != "table" && s.attr("w:type") != "numbering" {
			h.Styles[name.attr("w:val")] = s.attr("w:styleId")
		}
	}
	all := strings.Join(t.names(), "\n")
	for _, name := range t.names() {
		if strings.HasSuffix(name, ".rels") {
			all += t.parts[name].xml()
		}
	}
	all += t.parts[t.styles()].xml()
	for n := 0; strings.Contains(all, h.Prefix); n++ {
		h.Prefix = "T" + strconv.Itoa(n) + "x"
	}
	h.Bookmarks = t.greatest("w:bookmarkStart", "w:id")
	h.Drawings = t.greatest("wp:docPr", "id")
	return h
}

// greatest is the greatest number of an attribute.
func (t *Template) greatest(name, attr string) (most int) {
	t.parts[t.main].walk(func(n *node) bool {
		if n.name == name {
			if v, err := strconv.Atoi(n.attr(attr)); err == nil && v < 1<<30 {
				most = max(most, v)
			}
		}
		return true
	})
	return most
}
