package document

// Without returns the map without a key.
func (n *Node) Without(key string) *Node {
	out := *n
	out.Keys, out.Values = nil, nil
	for i, k := range n.Keys {
		if k.Text != key {
			out.Keys, out.Values = append(out.Keys, k), append(out.Values, n.Values[i])
		}
	}
	return &out
}

// Merge returns the map n with the entries of over added, map into map; of two
// other values under one key that of over counts. Neither is changed.
func Merge(n, over *Node) *Node {
	out := *n
	out.Keys = append([]*Node(nil), n.Keys...)
	out.Values = append([]*Node(nil), n.Values...)
	for i, key := range over.Keys {
		value := over.Values[i]
		at := out.index(key.Text)
		switch {
		case at < 0:
			out.Keys, out.Values = append(out.Keys, key), append(out.Values, value)
		case out.Values[at].Kind == KindMap && value.Kind == KindMap:
			out.Values[at] = Merge(out.Values[at], value)
		default:
			out.Values[at] = value
		}
	}
	return &out
}

// index returns where a key of a map is, -1 if nowhere.
func (n *Node) index(key string) int {
	for i, k := range n.Keys {
		if k.Text == key {
			return i
		}
	}
	return -1
}
