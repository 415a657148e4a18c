package postgres

import (
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5/pgtype"
)

// decode reads a cell that the server sent in binary form. Ids are 16 bytes, as
// they are in SQLite. Bytes alias the cell.
func decode(oid uint32, cell []byte) (driver.Value, error) {
	if cell == nil {
		return nil, nil
	}
	switch oid {
	case pgtype.UUIDOID, pgtype.ByteaOID:
		return cell, nil
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.NameOID, pgtype.UnknownOID:
		return string(cell), nil
	case pgtype.Int8OID:
		return int64(binary.BigEndian.Uint64(cell)), nil
	case pgtype.Int4OID:
		return int64(int32(binary.BigEndian.Uint32(cell))), nil
	case pgtype.Int2OID:
		return int64(int16(binary.BigEndian.Uint16(cell))), nil
	case pgtype.Float8OID:
		return math.Float64frombits(binary.BigEndian.Uint64(cell)), nil
	case pgtype.BoolOID:
		return cell[0] == 1, nil
	case pgtype.NumericOID: // the sum of numbers
		return decodeNumeric(cell)
	}
	return nil, fmt.Errorf("a value of PostgreSQL's type %d", oid)
}

func decodeNumeric(cell []byte) (driver.Value, error) {
	var n pgtype.Numeric
	if err := pgtype.NewMap().Scan(pgtype.NumericOID, pgtype.BinaryFormatCode, cell, &n); err != nil {
		return nil, err
	}
	i, err := n.Int64Value()
	if err != nil {
		return nil, fmt.Errorf("a number that is no integer: %w", err)
	}
	return i.Int64, nil
}
