package sqlstore_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
)

// smallDisk lets a database grow to so many pages and no further.
type smallDisk struct {
	driver.Connector
	pages int
}

func (d smallDisk) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := d.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	_, err = conn.(driver.ExecerContext).ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", d.pages), nil)
	return conn, err
}

// On a full disk writing fails as a whole, as something that may pass, and
// questions are answered. With room again the work goes on.
func TestSQLiteDiskFull(t *testing.T) {
	t.Parallel()
	database := freshSQLite(t)
	log := projectiontest.NewLog(t, topology.Tagged, 0)
	for event := range 3000 {
		log.Find(projectiontest.Finding{Event: event, Rule: 1, Technique: event % 4, Step: 60})
	}
	write := func(store projections.Store) error {
		claims, err := store.Claim(t.Context(), log.Source())
		if err != nil {
			return err
		}
		claim := claims[0]
		for next := int(max(claim.Next, 0)); next < log.Len(); next = int(claim.Next) {
			end := min(next+100, log.Len())
			if err := store.Write(t.Context(), log.Batch(claim, end)); err != nil {
				return err
			}
			claim.Next = int64(end)
		}
		return nil
	}
	full := database(t, func(c driver.Connector) driver.Connector { return smallDisk{c, 250} })
	if err := write(full); !errors.Is(err, projections.ErrUnavailable) {
		t.Fatalf("on a full disk: %v", err)
	}
	positions, err := full.Positions(t.Context())
	if err != nil || len(positions) != 1 || positions[0].Next < 100 || positions[0].Next >= 3000 {
		t.Fatalf("positions on a full disk: %+v, %v", positions, err)
	}
	rollups, err := full.Techniques(t.Context(), 0)
	var tags int64
	for _, r := range rollups {
		tags += r.Tags
	}
	if err != nil || tags != positions[0].Next {
		t.Errorf("%d tags at %d, %v", tags, positions[0].Next, err)
	}
	if err := full.Close(); err != nil {
		t.Fatal(err)
	}
	roomy := database(t, nil)
	defer roomy.Close()
	if err := write(roomy); err != nil {
		t.Fatal(err)
	}
	projectiontest.Check(t, t.Context(), roomy, log)
}
