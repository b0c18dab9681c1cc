// What users of pgx do, printed so that two servers can be compared. The only argument is the URL.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var background = context.Background()

func main() {
	modes := map[string]pgx.QueryExecMode{
		"cache statement": pgx.QueryExecModeCacheStatement,
		"cache describe":  pgx.QueryExecModeCacheDescribe,
		"describe exec":   pgx.QueryExecModeDescribeExec,
		"exec":            pgx.QueryExecModeExec,
		"simple":          pgx.QueryExecModeSimpleProtocol,
	}
	for _, name := range []string{"cache statement", "cache describe", "describe exec", "exec", "simple"} {
		connection := open(modes[name])
		fmt.Println("mode", name)
		queries(connection)
		batch(connection)
		check(connection.Close(background))
	}
	connection := open(pgx.QueryExecModeCacheStatement)
	transactions(connection)
	copyFrom(connection)
	failures(connection)
	customTypes(connection)
	notifications(connection)
	pipeline(connection)
	cancelled(connection)
}

func open(mode pgx.QueryExecMode) *pgx.Conn {
	config, err := pgx.ParseConfig(os.Args[1])
	check(err)
	config.DefaultQueryExecMode = mode
	connection, err := pgx.ConnectConfig(background, config)
	check(err)
	return connection
}

func queries(connection *pgx.Conn) {
	for range 3 { // the third runs what the first prepared
		rows, err := connection.Query(background, "SELECT id, name, born FROM customers WHERE id >= $1 ORDER BY id", 2)
		check(err)
		for rows.Next() {
			var id int32
			var name string
			var born *time.Time
			check(rows.Scan(&id, &name, &born))
			fmt.Println("row", id, name, born)
		}
		check(rows.Err())
		fmt.Println("tag", rows.CommandTag())
	}
	var number float64
	var texts []string
	var flag bool
	check(connection.QueryRow(background, "SELECT $1::float8 * 2, $2::text[], $3::bool", 1.25, []string{"a", "é"}, true).Scan(&number, &texts, &flag))
	fmt.Println("values", number, texts, flag)
	type order struct {
		ID    int64
		Total float64
	}
	rows, err := connection.Query(background, "SELECT id, total::float8 FROM orders ORDER BY id")
	check(err)
	orders, err := pgx.CollectRows(rows, pgx.RowToStructByPos[order])
	check(err)
	fmt.Println("orders", orders)
}

func batch(connection *pgx.Conn) {
	work := &pgx.Batch{}
	for n := range 5 {
		work.Queue("INSERT INTO api_keys VALUES ($1, $2)", 700+n, fmt.Sprint("go ", n))
	}
	work.Queue("SELECT count(*) FROM api_keys WHERE id >= $1", 700)
	work.Queue("DELETE FROM api_keys WHERE id >= $1", 700)
	results := connection.SendBatch(background, work)
	for range 5 {
		tag, err := results.Exec()
		check(err)
		fmt.Print(tag, "; ")
	}
	var count int
	check(results.QueryRow().Scan(&count))
	tag, err := results.Exec()
	check(err)
	fmt.Println("count", count, tag)
	check(results.Close())
	failing := &pgx.Batch{}
	failing.Queue("INSERT INTO api_keys VALUES ($1, $2)", 710, "undone")
	failing.Queue("SELECT 1 / $1::int", 0)
	fmt.Println("failing batch", code(connection.SendBatch(background, failing).Close()))
	check(connection.QueryRow(background, "SELECT count(*) FROM api_keys WHERE id = 710").Scan(&count))
	fmt.Println("after it", count)
}

func transactions(connection *pgx.Conn) {
	check(pgx.BeginTxFunc(background, connection, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		_, err := tx.Exec(background, "DELETE FROM api_keys")
		fmt.Println("read only", code(err))
		return nil
	}), "25P02", "commit unexpectedly resulted in rollback")
	tx, err := connection.Begin(background)
	check(err)
	inner, err := tx.Begin(background)
	check(err)
	_, err = inner.Exec(background, "SELECT 1/0")
	fmt.Println("inner", code(err), string(connection.PgConn().TxStatus()))
	check(inner.Rollback(background))
	_, err = tx.Exec(background, "UPDATE customers SET name = name")
	check(err)
	check(tx.Commit(background))
}

func copyFrom(connection *pgx.Conn) {
	rows := [][]any{}
	for n := range 1000 {
		rows = append(rows, []any{int32(800 + n), strings.Repeat("x", n%50)})
	}
	count, err := connection.CopyFrom(background, pgx.Identifier{"api_keys"}, []string{"id", "secret"}, pgx.CopyFromRows(rows))
	check(err)
	fmt.Println("copied", count)
	_, err = connection.CopyFrom(background, pgx.Identifier{"api_keys"}, []string{"id", "secret"}, pgx.CopyFromRows(rows[:2]))
	fmt.Println("copied twice", code(err))
	var out strings.Builder
	tag, err := connection.PgConn().CopyTo(background, &out, "COPY (SELECT id, length(secret) FROM api_keys WHERE id BETWEEN 800 AND 803 ORDER BY id) TO STDOUT")
	check(err)
	fmt.Printf("copied out %v %q\n", tag, out.String())
	tagged, err := connection.Exec(background, "DELETE FROM api_keys WHERE id >= 800")
	check(err)
	fmt.Println(tagged)
}

func failures(connection *pgx.Conn) {
	for _, sql := range []string{"SELEC 1", "SELECT 'é', nosuch", "SELECT * FROM nosuch", "INSERT INTO customers (id, name) VALUES (1, 'x')", "SELECT fail('x')"} {
		_, err := connection.Exec(background, sql)
		var failure *pgconn.PgError
		if errors.As(err, &failure) {
			fmt.Println("error", failure.Code, failure.Message, failure.Position, failure.Detail, failure.Hint, failure.ConstraintName)
		} else {
			fmt.Println("no error")
		}
	}
}

func customTypes(connection *pgx.Conn) {
	types, err := connection.LoadTypes(background, []string{"order_status", "address"})
	check(err)
	connection.TypeMap().RegisterTypes(types)
	var status, street string
	check(connection.QueryRow(background, "SELECT status, (home).street FROM orders JOIN customers c ON c.id = customer_id WHERE orders.id = 1").Scan(&status, &street))
	fmt.Println("custom", status, street, len(types))
}

func notifications(connection *pgx.Conn) {
	_, err := connection.Exec(background, "LISTEN gophers")
	check(err)
	_, err = connection.Exec(background, "NOTIFY gophers, 'hello'")
	check(err)
	note, err := connection.WaitForNotification(background)
	check(err)
	fmt.Println("notified", note.Channel, note.Payload)
}

func pipeline(connection *pgx.Conn) {
	_, err := connection.Prepare(background, "piped", "SELECT $1::int * 2")
	check(err)
	work := connection.PgConn().StartPipeline(background)
	for n := range 3 {
		work.SendQueryPrepared("piped", [][]byte{[]byte(fmt.Sprint(n))}, nil, nil)
	}
	check(work.Sync())
	for range 4 {
		found, err := work.GetResults()
		check(err)
		if reader, ok := found.(*pgconn.ResultReader); ok {
			fmt.Println("piped", string(reader.Read().Rows[0][0]))
		} else {
			fmt.Printf("%T\n", found)
		}
	}
	check(work.Close())
}

func cancelled(connection *pgx.Conn) {
	short, stop := context.WithTimeout(background, 200*time.Millisecond)
	defer stop()
	_, err := connection.Exec(short, "SELECT count(*) FROM generate_series(1, 200000000)")
	fmt.Println("timed out", errors.Is(err, context.DeadlineExceeded))
}

func code(err error) string {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		return failure.Code
	}
	return fmt.Sprint(err)
}

func check(err error, expected ...string) {
	if err == nil {
		return
	}
	for _, text := range expected {
		if strings.Contains(err.Error(), text) {
			return
		}
	}
	fmt.Println("FAILED", err)
	os.Exit(1)
}
