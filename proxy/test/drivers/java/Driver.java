import java.io.StringReader;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/** What users of pgjdbc do, printed so that two servers can be compared. The arguments are URL, user and password. */
public class Driver {
  public static void main(String[] args) throws Exception {
    for (String mode : new String[] {"extended", "simple", "extendedForPrepared", "extendedCacheEverything"}) {
      try (Connection connection = open(args, "preferQueryMode", mode)) {
        System.out.println("mode " + mode);
        prepared(connection);
        batch(connection);
      }
    }
    try (Connection connection = open(args, "reWriteBatchedInserts", "true")) {
      batch(connection);
      fetchSize(connection);
      transaction(connection);
      copy(connection);
      errors(connection);
      metaData(connection);
      generatedKeys(connection);
      types(connection);
      cancelled(connection);
      notifications(connection);
    }
  }

  static Connection open(String[] args, String name, String value) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", args[1]);
    properties.setProperty("password", args[2]);
    properties.setProperty("sslmode", "require");
    properties.setProperty("ApplicationName", "java");
    properties.setProperty(name, value);
    return DriverManager.getConnection(args[0], properties);
  }

  static void prepared(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT id, name, born, tags, total FROM customers LEFT JOIN LATERAL (SELECT sum(total) AS total FROM orders WHERE customer_id = customers.id) o ON true WHERE id >= ? ORDER BY id")) {
      for (int times = 0; times < 7; times++) { // after five the driver names its statement and asks for binary
        statement.setInt(1, 1 + times % 3);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) System.out.print(rows.getInt(1) + " " + rows.getString(2) + " " + rows.getDate(3) + " " + rows.getArray(4) + " " + rows.getBigDecimal(5) + "; ");
        }
      }
      System.out.println();
      System.out.println(statement.getMetaData().getColumnCount() + " " + statement.getParameterMetaData().getParameterTypeName(1));
    }
    try (Statement statement = connection.createStatement()) {
      boolean isRows = statement.execute("SELECT 1; UPDATE customers SET name = name WHERE id = 1; SELECT 'x'");
      for (int part = 0; part < 3; part++) {
        System.out.print(isRows ? "rows; " : statement.getUpdateCount() + "; ");
        isRows = statement.getMoreResults();
      }
      System.out.println();
    }
  }

  static void batch(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("INSERT INTO api_keys (id, secret) VALUES (?, ?)")) {
      for (int n = 0; n < 300; n++) {
        statement.setInt(1, 3000 + n);
        statement.setString(2, "java " + n);
        statement.addBatch();
      }
      System.out.println("batch " + statement.executeBatch().length);
      statement.setInt(1, 4000);
      statement.setString(2, "x");
      statement.addBatch();
      statement.setInt(1, 3000);
      statement.addBatch();
      statement.executeBatch();
    } catch (BatchUpdateException error) {
      System.out.println("batch failed " + error.getSQLState());
    }
    try (Statement statement = connection.createStatement()) {
      System.out.println("deleted " + statement.executeUpdate("DELETE FROM api_keys WHERE id >= 3000"));
    }
  }

  static void fetchSize(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.prepareStatement("SELECT n FROM generate_series(1, 1000) n")) {
      statement.setFetchSize(70);
      long sum = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) sum += rows.getInt(1);
      }
      System.out.println("fetched " + sum);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        System.out.println("left early " + rows.getInt(1));
      }
      statement.setMaxRows(5);
      int count = 0;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) count++;
      }
      System.out.println("at most " + count);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  static void transaction(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO api_keys VALUES (5000, 'x')");
      var savepoint = connection.setSavepoint("sp");
      try {
        statement.executeQuery("SELECT 1/0");
      } catch (SQLException error) {
        System.out.println("inside " + error.getSQLState());
      }
      connection.rollback(savepoint);
      statement.executeUpdate("UPDATE api_keys SET secret = 'y' WHERE id = 5000");
      connection.rollback();
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM api_keys WHERE id = 5000")) {
        rows.next();
        System.out.println("rolled back " + rows.getInt(1));
      }
      connection.commit();
    }
    connection.setReadOnly(true);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM api_keys");
    } catch (SQLException error) {
      System.out.println("read only " + error.getSQLState());
    }
    connection.rollback();
    connection.setReadOnly(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(true);
  }

  static void copy(Connection connection) throws Exception {
    var copies = connection.unwrap(PGConnection.class).getCopyAPI();
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < 2000; n++) text.append(6000 + n).append(",java\n");
    System.out.println("copied in " + copies.copyIn("COPY api_keys FROM STDIN WITH (FORMAT csv)", new StringReader(text.toString())));
    StringWriter out = new StringWriter();
    System.out.println("copied out " + copies.copyOut("COPY (SELECT * FROM api_keys WHERE id BETWEEN 6000 AND 6003 ORDER BY id) TO STDOUT", out) + out);
    try {
      copies.copyIn("COPY api_keys FROM STDIN", new StringReader("bad\n"));
    } catch (PSQLException error) {
      System.out.println("copy failed " + error.getSQLState() + " " + error.getServerErrorMessage().getWhere());
    }
    try (Statement statement = connection.createStatement()) {
      System.out.println("deleted " + statement.executeUpdate("DELETE FROM api_keys WHERE id >= 6000"));
    }
  }

  static void errors(Connection connection) throws SQLException {
    for (String sql : new String[] {"SELEC 1", "SELECT 'é', nosuch", "SELECT * FROM nosuch", "INSERT INTO customers (id, name) VALUES (1, 'x')", "SELECT fail('x')"})
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (PSQLException error) {
        var told = error.getServerErrorMessage();
        System.out.println("error " + error.getSQLState() + " " + told.getMessage() + " " + told.getPosition() + " " + told.getDetail() + " " + told.getHint() + " " + told.getConstraint());
      }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT shout('warned')");
      System.out.println("warning " + statement.getWarnings().getMessage());
    }
  }

  static void metaData(Connection connection) throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    System.out.println(data.getDatabaseProductName() + " " + data.getMaxConnections() + " " + data.getMaxColumnNameLength());
    print("schemas", data.getSchemas(), "TABLE_SCHEM");
    print("tables", data.getTables(null, "public", "%", new String[] {"TABLE", "VIEW", "PARTITIONED TABLE", "MATERIALIZED VIEW"}), "TABLE_NAME", "TABLE_TYPE");
    print("columns", data.getColumns(null, "public", "orders", "%"), "COLUMN_NAME", "TYPE_NAME", "COLUMN_SIZE", "IS_NULLABLE", "COLUMN_DEF", "IS_AUTOINCREMENT");
    print("primary", data.getPrimaryKeys(null, "public", "items"), "COLUMN_NAME", "KEY_SEQ");
    print("imported", data.getImportedKeys(null, "public", "orders"), "PKTABLE_NAME", "FKCOLUMN_NAME", "DELETE_RULE");
    print("exported", data.getExportedKeys(null, "public", "customers"), "FKTABLE_NAME");
    print("indexes", data.getIndexInfo(null, "public", "orders", false, false), "INDEX_NAME", "COLUMN_NAME", "ASC_OR_DESC");
    print("procedures", data.getProcedures(null, "public", "%"), "PROCEDURE_NAME");
    print("functions", data.getFunctions(null, "public", "%"), "FUNCTION_NAME");
    print("arguments", data.getFunctionColumns(null, "public", "add", "%"), "COLUMN_NAME", "TYPE_NAME");
    print("privileges", data.getTablePrivileges(null, "public", "orders"), "GRANTEE", "PRIVILEGE");
    print("types", data.getUDTs(null, "public", "%", null), "TYPE_NAME", "DATA_TYPE");
    print("type info", data.getTypeInfo(), "TYPE_NAME");
    print("best row", data.getBestRowIdentifier(null, "public", "orders", DatabaseMetaData.bestRowSession, true), "COLUMN_NAME");
    print("catalogs", data.getTableTypes(), "TABLE_TYPE");
    print("client info", data.getClientInfoProperties(), "NAME");
  }

  static void print(String what, ResultSet rows, String... columns) throws SQLException {
    StringBuilder text = new StringBuilder(what);
    try (rows) {
      while (rows.next()) {
        text.append(" |");
        for (String column : columns) text.append(' ').append(rows.getString(column));
      }
    }
    System.out.println(text);
  }

  static void generatedKeys(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("INSERT INTO orders (customer_id, total) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      statement.setInt(1, 1);
      statement.setBigDecimal(2, new java.math.BigDecimal("7.50"));
      statement.executeUpdate();
      print("keys", statement.getGeneratedKeys(), "id", "status");
    }
    try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet rows = statement.executeQuery("SELECT id, note FROM orders ORDER BY id DESC LIMIT 1")) {
      rows.next();
      rows.updateString("note", "updated through the result");
      rows.updateRow();
      rows.deleteRow();
      System.out.println("updatable");
    }
  }

  static void types(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT ?::jsonb, ?::uuid, ?::bytea, ?::int[], ?::timestamptz, ?::order_status")) {
      statement.setString(1, "{\"a\": 1}");
      statement.setObject(2, java.util.UUID.fromString("00000000-0000-4000-8000-000000000001"));
      statement.setBytes(3, new byte[] {0, (byte) 0xff});
      statement.setArray(4, connection.createArrayOf("int4", new Integer[] {1, null}));
      statement.setObject(5, java.time.OffsetDateTime.parse("2026-01-02T03:04:05Z"));
      statement.setObject(6, "paid", java.sql.Types.OTHER);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        System.out.println("types " + rows.getString(1) + rows.getObject(2) + Arrays.toString(rows.getBytes(3)) + rows.getArray(4) + rows.getObject(5, java.time.OffsetDateTime.class) + rows.getString(6));
      }
    }
    // `{? = call f(?)}` is not here: docs/transparency.md says why.
    try (var statement = connection.prepareStatement("SELECT add(?, ?)")) {
      statement.setInt(1, 4);
      statement.setInt(2, 5);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        System.out.println("call " + rows.getInt(1));
      }
    }
  }

  static void cancelled(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.executeQuery("SELECT count(*) FROM generate_series(1, 200000000)");
    } catch (SQLException error) {
      System.out.println("cancelled " + error.getSQLState());
    }
    System.out.println("valid " + connection.isValid(5));
  }

  static void notifications(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN java");
      statement.execute("NOTIFY java, 'hello'");
    }
    for (var note : connection.unwrap(PGConnection.class).getNotifications(1000)) System.out.println("notified " + note.getName() + " " + note.getParameter());
  }
}
