//! What users of tokio-postgres do, printed so that two servers can be compared. The only argument is the URL.
use futures_util::{pin_mut, SinkExt, StreamExt, TryStreamExt};
use std::error::Error;
use tokio_postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutStream};
use tokio_postgres::types::Type;
use tokio_postgres::{AsyncMessage, Client, NoTls, SimpleQueryMessage};


#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("give the URL")?;
    let (mut client, mut connection) = tokio_postgres::connect(&url, NoTls).await?;
    let (send, mut notifications) = tokio::sync::mpsc::unbounded_channel();
    let worker = tokio::spawn(async move {
        let mut messages = futures_util::stream::poll_fn(|context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(note) = message {
                let _ = send.send(format!("{} {}", note.channel(), note.payload()));
            }
        }
    });
    prepared(&client).await?;
    transaction(&mut client).await?;
    pipelined(&client).await?;
    copy(&client).await?;
    errors(&client).await;
    types(&client).await?;
    client.batch_execute("LISTEN rust; NOTIFY rust, 'hello'").await?;
    println!("notified {:?}", notifications.recv().await);
    cancel(&client).await;
    drop(client);
    worker.await?;
    Ok(())
}

async fn prepared(client: &Client) -> Result<(), Box<dyn Error>> {
    let statement = client.prepare("SELECT id, name, tags FROM customers WHERE id >= $1 ORDER BY id").await?;
    println!("columns {:?}", statement.columns().iter().map(|c| (c.name(), c.type_().name())).collect::<Vec<_>>());
    for row in client.query(&statement, &[&2i32]).await? {
        println!("row {} {} {:?}", row.get::<_, i32>(0), row.get::<_, String>(1), row.get::<_, Vec<String>>(2));
    }
    let one = client.query_opt("SELECT name FROM customers WHERE id = $1", &[&99i32]).await?;
    println!("none {}", one.is_none());
    for message in client.simple_query("SELECT 1 AS a; SELECT 'x' AS b, NULL AS c").await? {
        match message {
            SimpleQueryMessage::Row(row) => println!("simple {:?} {:?}", row.get(0), row.try_get(1).ok()),
            SimpleQueryMessage::CommandComplete(count) => println!("complete {count}"),
            _ => println!("other"),
        }
    }
    Ok(())
}

async fn transaction(client: &mut Client) -> Result<(), Box<dyn Error>> {
    let transaction = client.transaction().await?;
    transaction.execute("INSERT INTO api_keys VALUES ($1, $2)", &[&500i32, &"rust"]).await?;
    let statement = transaction.prepare("SELECT n FROM generate_series(1, 5) n").await?;
    let portal = transaction.bind(&statement, &[]).await?;
    for _ in 0..3 {
        let rows = transaction.query_portal(&portal, 2).await?;
        println!("portal {:?}", rows.iter().map(|r| r.get::<_, i32>(0)).collect::<Vec<_>>());
    }
    transaction.rollback().await?;
    let count: i64 = client.query_one("SELECT count(*) FROM api_keys WHERE id = 500", &[]).await?.get(0);
    println!("rolled back {count}");
    let mut outer = client.transaction().await?;
    let inner = outer.savepoint("sp").await?;
    println!("inner {:?}", inner.execute("SELECT 1/0", &[]).await.err().and_then(|e| e.code().cloned()));
    inner.rollback().await?;
    outer.execute("UPDATE customers SET name = name WHERE id = 1", &[]).await?;
    outer.commit().await?;
    Ok(())
}

async fn pipelined(client: &Client) -> Result<(), Box<dyn Error>> {
    let (a, b, c) = futures_util::future::join3(
        client.query_one("SELECT $1::int + 1", &[&1i32]),
        client.query_one("SELECT $1::text || 'x'", &[&"é"]),
        client.execute("UPDATE customers SET name = name", &[]),
    )
    .await;
    println!("pipelined {} {} {}", a?.get::<_, i32>(0), b?.get::<_, String>(0), c?);
    Ok(())
}

async fn copy(client: &Client) -> Result<(), Box<dyn Error>> {
    let sink = client.copy_in("COPY api_keys FROM STDIN").await?;
    pin_mut!(sink);
    sink.send(bytes("601\tone\n602\ttw")).await?;
    sink.send(bytes("o\n")).await?;
    println!("copied in {}", sink.finish().await?);
    let sink = client.copy_in("COPY api_keys FROM STDIN BINARY").await?;
    let writer = BinaryCopyInWriter::new(sink, &[Type::INT4, Type::TEXT]);
    pin_mut!(writer);
    for n in 610..615i32 {
        writer.as_mut().write(&[&n, &format!("row {n}")]).await?;
    }
    println!("copied in binary {}", writer.finish().await?);
    let stream = client.copy_out("COPY (SELECT * FROM api_keys WHERE id >= 600 ORDER BY id) TO STDOUT CSV").await?;
    let parts: Vec<_> = stream.try_collect().await?;
    println!("copied out {:?}", String::from_utf8(parts.concat())?);
    let stream = client.copy_out("COPY (SELECT id, secret FROM api_keys WHERE id >= 610 ORDER BY id) TO STDOUT BINARY").await?;
    let rows: Vec<_> = BinaryCopyOutStream::new(stream, &[Type::INT4, Type::TEXT]).try_collect().await?;
    println!("binary {:?}", rows.iter().map(|r| (r.get::<i32>(0), r.get::<String>(1))).collect::<Vec<_>>());
    client.execute("DELETE FROM api_keys WHERE id >= 600", &[]).await?;
    Ok(())
}

async fn errors(client: &Client) {
    for sql in ["SELEC 1", "SELECT 'é', nosuch", "SELECT * FROM nosuch", "INSERT INTO customers (id, name) VALUES (1, 'x')"] {
        let error = client.query(sql, &[]).await.err();
        let database = error.as_ref().and_then(|e| e.as_db_error());
        println!("error {:?}", database.map(|e| (e.code().code().to_string(), e.message().to_string(), e.position().cloned(), e.constraint().map(str::to_string))));
    }
}

async fn types(client: &Client) -> Result<(), Box<dyn Error>> {
    // an enumeration and a composite type: the driver looks both up in the catalog
    let statement = client.prepare("SELECT status, (SELECT home FROM customers WHERE id = 1), email FROM orders JOIN customers c ON c.id = customer_id LIMIT 1").await?;
    for column in statement.columns() {
        println!("type {} {:?}", column.type_().name(), column.type_().kind());
    }
    let row = client.query_one("SELECT 1.5::float8, true, '\\x00ff'::bytea, ARRAY[1, NULL]::int[], 'x'::\"char\"", &[]).await?;
    println!("values {} {} {:?} {:?} {}", row.get::<_, f64>(0), row.get::<_, bool>(1), row.get::<_, Vec<u8>>(2), row.get::<_, Vec<Option<i32>>>(3), row.get::<_, i8>(4));
    Ok(())
}

async fn cancel(client: &Client) {
    let token = client.cancel_token();
    let slow = client.query("SELECT count(*) FROM generate_series(1, 200000000)", &[]);
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        token.cancel_query(NoTls).await
    };
    let (result, cancelled) = futures_util::future::join(slow, stop).await;
    println!("cancelled {:?} {}", result.err().and_then(|e| e.code().cloned()), cancelled.is_ok());
}

fn bytes(text: &'static str) -> tokio_postgres::types::private::BytesMut {
    tokio_postgres::types::private::BytesMut::from(text)
}
