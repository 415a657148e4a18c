package report

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// xlsxType is the media type of workbooks.
const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// write writes the workbook: its parts in one order and without times, so that equal
// workbooks are equal bytes. The library writes them in the order of a map.
func (b *book) write(ctx context.Context, w io.Writer) (err error) {
	f, err := os.CreateTemp("", "workbook-*")
	if err != nil {
		return err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	// The library would hold the file whole in memory.
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(&wanted{ctx, f}) })
	if _, err := b.file.WriteTo(io.Discard); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	r, err := zip.NewReader(f, size)
	if err != nil {
		return fmt.Errorf("read workbook: %w", err)
	}
	return copyParts(zip.NewWriter(&wanted{ctx, w}), r.File)
}

// firstPart is where readers look for what the others are.
const firstPart = "[Content_Types].xml"

func copyParts(z *zip.Writer, parts []*zip.File) error {
	slices.SortFunc(parts, func(a, b *zip.File) int {
		if first := a.Name == firstPart; first != (b.Name == firstPart) {
			return map[bool]int{true: -1, false: 1}[first]
		}
		return strings.Compare(a.Name, b.Name)
	})
	for _, part := range parts {
		put := copyPart
		if part.Name == firstPart {
			put = copyTypes
		}
		if err := put(z, part); err != nil {
			return fmt.Errorf("copy %s: %w", part.Name, err)
		}
	}
	return z.Close()
}

// copyPart copies a part as it is packed.
func copyPart(z *zip.Writer, part *zip.File) error {
	packed, err := part.OpenRaw()
	if err != nil {
		return err
	}
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: part.Name, Method: part.Method, CRC32: part.CRC32,
		CompressedSize64: part.CompressedSize64, UncompressedSize64: part.UncompressedSize64,
	})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, packed)
	return err
}

// contentTypes is the package's list of what its parts are (ECMA-376, part 2, §7.2.3).
type contentTypes struct {
	XMLName   xml.Name      `xml:"http://schemas.openxmlformats.org/package/2006/content-types Types"`
	Defaults  []defaultType `xml:"Default"`
	Overrides []struct {
		PartName    string `xml:",attr"`
		ContentType string `xml:",attr"`
	} `xml:"Override"`
}

// defaultType is what parts of an ending are.
type defaultType struct {
	Extension   string `xml:",attr"`
	ContentType string `xml:",attr"`
}

// copyTypes copies the list of types in one order: that of pictures is a map's, too.
func copyTypes(z *zip.Writer, part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	var types contentTypes
	if err := xml.NewDecoder(r).Decode(&types); err != nil {
		return err
	}
	slices.SortFunc(types.Defaults, func(a, b defaultType) int { return strings.Compare(a.Extension, b.Extension) })
	w, err := z.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(&types)
}

// wanted writes as long as the context has not ended.
type wanted struct {
	ctx context.Context
	w   io.Writer
}

func (w *wanted) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}
