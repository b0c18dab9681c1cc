-- What the database needs once, by the owner of the tables: the policy below sees the token's claim `tenant`, which the
-- gateway sets at login and the agent can neither change nor reset.
ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON public.customers TO agent_support
  USING (tenant = current_setting('request.jwt.claims', true)::json ->> 'tenant');
CREATE POLICY own_tenant ON public.orders TO agent_support
  USING (tenant = current_setting('request.jwt.claims', true)::json ->> 'tenant');
