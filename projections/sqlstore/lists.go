package sqlstore

import "strings"

// Statements with lists come in sizes of powers of two, so that there are few
// different ones and each is prepared once.

// inLists calls f with a list (?, …) and its values, until all are through. A
// list that is not full repeats its last value, which finds nothing twice.
func inLists(d dialect, values []any, f func(list string, args []any) error) error {
	for len(values) > 0 {
		n := min(len(values), d.list())
		size := 1
		for size < n {
			size *= 2
		}
		args := make([]any, size)
		copy(args, values[:n])
		for i := n; i < size; i++ {
			args[i] = values[n-1]
		}
		if err := f(tuple(size), args); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// insertRows runs head + VALUES + tail for rows of n values each.
func (w *work) insertRows(head, tail string, n int, rows [][]any) error {
	for len(rows) > 0 {
		size := w.s.d.rows()
		for size > len(rows) {
			size /= 2
		}
		args := make([]any, 0, size*n)
		for _, row := range rows[:size] {
			args = append(args, row...)
		}
		query := head + strings.Repeat(tuple(n)+", ", size-1) + tuple(n) + tail
		if err := w.exec(query, args...); err != nil {
			return err
		}
		rows = rows[size:]
	}
	return nil
}
