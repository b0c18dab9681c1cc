-- The demo's database: two tenants, whose rows row-level security keeps apart for the role agent_support alone.
CREATE TABLE public.customers (id int PRIMARY KEY, tenant text NOT NULL, name text NOT NULL, city text NOT NULL, email text NOT NULL);
CREATE TABLE public.products (id int PRIMARY KEY, name text NOT NULL, price numeric(8, 2) NOT NULL);
CREATE TABLE public.orders (
  id int PRIMARY KEY,
  tenant text NOT NULL,
  customer_id int NOT NULL REFERENCES public.customers,
  product_id int NOT NULL REFERENCES public.products,
  quantity int NOT NULL,
  total numeric(10, 2) NOT NULL,
  status text NOT NULL,
  ordered_on date NOT NULL
);
CREATE TABLE public.api_keys (id int PRIMARY KEY, owner text NOT NULL, key text NOT NULL);

INSERT INTO public.customers VALUES
  (1, 'acme', 'Ada Jansen', 'Utrecht', 'ada@acme.example'), (2, 'acme', 'Boris Novak', 'Brno', 'boris@acme.example'),
  (3, 'globex', 'Chiara Russo', 'Turin', 'chiara@globex.example'), (4, 'globex', 'Dai Nguyen', 'Hue', 'dai@globex.example'),
  (5, 'acme', 'Elif Kaya', 'Izmir', 'elif@acme.example'), (6, 'globex', 'Femi Ade', 'Ibadan', 'femi@globex.example');
INSERT INTO public.products VALUES (1, 'desk lamp', 39.00), (2, 'floor lamp', 119.00), (3, 'oak desk', 449.00), (4, 'office chair', 229.00);
INSERT INTO public.orders
  SELECT n, c.tenant, c.id, p.id, 1 + n % 3, p.price * (1 + n % 3), (ARRAY['new', 'paid', 'sent'])[1 + n % 3], date '2026-01-01' + n
  FROM generate_series(1, 60) n JOIN public.customers c ON c.id = 1 + n * 5 % 6 JOIN public.products p ON p.id = 1 + n * 7 % 4;
INSERT INTO public.api_keys VALUES (1, 'payments', 'not for agents');

CREATE FUNCTION public.search_products(words text) RETURNS SETOF public.products LANGUAGE sql STABLE
  AS $$ SELECT * FROM public.products WHERE name ILIKE '%' || words || '%' ORDER BY id $$;

-- Roles with no more than they need: what the gateway would let through by mistake, the database still refuses.
GRANT SELECT ON public.customers, public.products, public.orders TO agent_ro, agent_support;
GRANT UPDATE (status, quantity, total) ON public.orders TO agent_support;
ALTER TABLE public.customers OWNER TO shop_owner;
ALTER TABLE public.products OWNER TO shop_owner;
ALTER TABLE public.orders OWNER TO shop_owner;

ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON public.customers TO agent_ro USING (true);
CREATE POLICY everything ON public.orders TO agent_ro USING (true);
CREATE POLICY own_tenant ON public.customers TO agent_support
  USING (tenant = current_setting('request.jwt.claims', true)::json ->> 'tenant');
CREATE POLICY own_tenant ON public.orders TO agent_support
  USING (tenant = current_setting('request.jwt.claims', true)::json ->> 'tenant');
