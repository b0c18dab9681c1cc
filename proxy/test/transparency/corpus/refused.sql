-- What is refused always, whatever a policy says (DESIGN §2): each with its code.

-- refused ServerFile
COPY customers TO '/tmp/x'

-- refused ServerFile
COPY customers FROM '/etc/passwd'

-- refused ServerProgram
COPY customers TO PROGRAM 'cat'

-- refused ServerProgram
COPY customers FROM PROGRAM 'cat'

-- refused SetRole
SET ROLE agent_ro

-- refused SetRole
RESET ROLE

-- refused SetRole
SET SESSION AUTHORIZATION agent_ro

-- refused SettingNotAllowed
SET sallyport.username = 'root'

-- refused SettingNotAllowed
SET request.jwt.claims = '{}'

-- refused SettingNotAllowed
SET standard_conforming_strings = off

-- refused SettingNotAllowed
SET client_encoding = 'SJIS'

-- refused SettingNotAllowed
SET client_min_messages = log

-- refused SettingNotAllowed
SHOW ALL

-- refused SettingNotAllowed
SHOW data_directory

-- refused SettingNotAllowed
SELECT current_setting('log_directory')

-- refused SetRole
SELECT set_config('role', 'agent_ro', false)
