package schemas

// AppliedMarker says that from Offset on, a group judged the events of a
// partition under Revision, on topic ttp.rule.applied. After a crash, offsets
// between Offset and HighWatermark may have been judged under the marker
// before, too.
type AppliedMarker struct {
	Group     string `json:"group"`
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	// Offset is the first event judged under Revision.
	Offset int64 `json:"offset"`
	// Revision is an offset of ttp.rule.history, or -1 for the empty set.
	Revision int64 `json:"revision"`
	// HighWatermark is the partition's end as its reader knew it then.
	HighWatermark int64 `json:"high_watermark"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *AppliedMarker) Validate() error {
	var c check
	c.required("group", r.Group, MaxShortText)
	c.required("topic", r.Topic, MaxShortText)
	c.notNegative("partition", float64(r.Partition))
	c.notNegative("offset", float64(r.Offset))
	c.notNegative("high_watermark", float64(r.HighWatermark))
	if r.Revision < -1 {
		c.add("revision: %d", r.Revision)
	}
	return c.result()
}
