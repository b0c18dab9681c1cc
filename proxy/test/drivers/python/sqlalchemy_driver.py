"""What users of SQLAlchemy do, printed so that two servers can be compared. The only argument is the URL."""

import sys

from sqlalchemy import Enum, ForeignKey, MetaData, Numeric, String, create_engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

engine = create_engine(sys.argv[1].replace("postgres://", "postgresql+psycopg://"))


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="customer", order_by="Order.id")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[str] = mapped_column(Enum("new", "paid", "sent", "lost", name="order_status"), server_default="new")
    total: Mapped[float] = mapped_column(Numeric(10, 2))
    note: Mapped[str | None]
    customer: Mapped[Customer] = relationship(back_populates="orders")


class Made(Base):
    __tablename__ = "made_by_orm"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(20), unique=True)


inspector = inspect(engine)
print(sorted(inspector.get_schema_names()), inspector.default_schema_name)
for table in sorted(inspector.get_table_names()):
    print(table, [(column["name"], str(column["type"]), column["nullable"], column["default"]) for column in inspector.get_columns(table) if str(column["type"]) != "NULL"])
    print(inspector.get_pk_constraint(table), inspector.get_foreign_keys(table), inspector.get_indexes(table), inspector.get_unique_constraints(table), inspector.get_check_constraints(table), inspector.get_table_comment(table))
print(sorted(inspector.get_view_names()), inspector.get_view_definition("paid_orders"), inspector.get_materialized_view_names(), inspector.get_sequence_names())
print([(enum["name"], enum["labels"]) for enum in inspector.get_enums()], [domain["name"] for domain in inspector.get_domains()])
metadata = MetaData()
metadata.reflect(engine, only=["customers", "orders", "items"], resolve_fks=False)
print(sorted(metadata.tables))

with Session(engine) as session:
    customers = session.scalars(select(Customer).options(selectinload(Customer.orders)).order_by(Customer.id)).all()
    print([(customer.name, [str(order.total) for order in customer.orders]) for customer in customers])
    customer = Customer(id=900, name="ORM", orders=[Order(id=90000 + n, total=n, note="made") for n in range(5)])
    session.add(customer)
    session.flush()
    print([(order.id, order.status) for order in customer.orders])
    customer.name = "changed"
    customer.orders[0].total = 99
    session.commit()
    print(session.execute(select(Customer.name, func.count(Order.id), func.sum(Order.total)).join(Order).group_by(Customer.name).order_by(Customer.name)).all())
    session.delete(session.get(Order, 90001))
    session.commit()
    try:
        with session.begin_nested():
            session.add(Customer(id=1, name="twice"))
    except IntegrityError as error:
        print("integrity", error.orig.diag.sqlstate)
    print(session.scalar(select(func.count()).select_from(Order).where(Order.customer_id == 900)))
    session.execute(text("DELETE FROM customers WHERE id = 900"))
    session.commit()

Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all([Made(label=f"label {n}") for n in range(30)])
    session.commit()
    print(session.scalar(select(func.count()).select_from(Made)))
    for part in session.execute(select(Made.label).order_by(Made.id).execution_options(yield_per=7)).partitions():
        print(len(part))
Base.metadata.tables["made_by_orm"].drop(engine)
with engine.connect() as connection:
    try:
        connection.execute(text("SELECT nosuch"))
    except DBAPIError as error:
        print("error", error.orig.diag.sqlstate)
    connection.rollback()
    print(connection.execute(text("SELECT count(*) FROM customers")).scalar())
