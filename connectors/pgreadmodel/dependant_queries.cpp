// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/dependant_queries.h"

namespace connectors::pgreadmodel {

namespace {

constexpr int FirstVersionWithFilteredPublications = 150000;

/// p: the parameters, so that each query has used all of them. t, r: the live and the rising table. own: all that is part of the
/// live one, for what depends on it may depend on its row type or on its key.
constexpr const char *Common = R"(
WITH p AS (SELECT $1::oid AS live, $2::oid AS rising, $3::oid[] AS lives),
t AS (SELECT c.*, format('%I.%I', n.nspname, c.relname) AS full_name FROM p, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = p.live),
r AS (SELECT c.*, format('%I.%I', n.nspname, c.relname) AS full_name FROM p, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = p.rising),
own AS (SELECT 'pg_class'::regclass AS class, t.oid AS id FROM t
        UNION ALL SELECT 'pg_type', t.reltype FROM t
        UNION ALL SELECT 'pg_type', y.typarray FROM t JOIN pg_type y ON y.oid = t.reltype
        UNION ALL SELECT 'pg_class', i.indexrelid FROM t JOIN pg_index i ON i.indrelid = t.oid
        UNION ALL SELECT 'pg_constraint', c.oid FROM t JOIN pg_constraint c ON c.conrelid = t.oid),
outside AS (SELECT DISTINCT d.classid, d.objid FROM pg_depend d JOIN own ON d.refclassid = own.class AND d.refobjid = own.id
            WHERE d.deptype = 'n' AND NOT EXISTS (SELECT FROM own o WHERE o.class = d.classid AND o.id = d.objid)),
rules AS (SELECT w.oid, w.rulename, w.ev_class, v.relkind, v.relowner, v.reloptions, v.relname AS view_name, format('%I.%I', n.nspname, v.relname) AS full_name
          FROM outside o JOIN pg_rewrite w ON o.classid = 'pg_rewrite'::regclass AND w.oid = o.objid JOIN pg_class v ON v.oid = w.ev_class JOIN pg_namespace n ON n.oid = v.relnamespace),
views AS (SELECT DISTINCT ON (ev_class) * FROM rules WHERE relkind = 'v' AND rulename = '_RETURN'),
keys AS (SELECT c.*, f.relname AS table_name, format('%I.%I', n.nspname, f.relname) AS full_name
         FROM p, pg_constraint c JOIN pg_class f ON f.oid = c.conrelid JOIN pg_namespace n ON n.oid = f.relnamespace
         WHERE c.contype = 'f' AND c.confrelid = p.live AND c.conparentid = 0 AND c.conrelid <> ALL (p.lives))
)";

constexpr const char *Owner = R"(
SELECT 'owner', pg_get_userbyid(t.relowner), true, NULL, format('ALTER TABLE %s OWNER TO %I', t.full_name, pg_get_userbyid(t.relowner)) FROM t, r WHERE t.relowner <> r.relowner)";

constexpr const char *Grants = R"(
SELECT 'grant', string_agg(DISTINCT a.privilege_type, ', ') || ' to ' || w.who, a.grantee <> t.relowner, NULL,
       format('GRANT %s ON TABLE %s TO %s%s', string_agg(DISTINCT a.privilege_type, ', '), t.full_name, w.who, CASE WHEN a.is_grantable AND a.grantee <> t.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
FROM t, aclexplode(coalesce(t.relacl, acldefault('r', t.relowner))) a, LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS who) w
GROUP BY t.full_name, t.relowner, a.grantee, a.is_grantable, w.who ORDER BY w.who, a.is_grantable)";

constexpr const char *ColumnGrants = R"(
SELECT 'grant', a.privilege_type || ' (' || c.attname || ') to ' || w.who, true, NULL,
       format('GRANT %s (%I) ON TABLE %s TO %s%s', a.privilege_type, c.attname, t.full_name, w.who, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped CROSS JOIN LATERAL aclexplode(c.attacl) a,
     LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS who) w
WHERE EXISTS (SELECT FROM r JOIN pg_attribute s ON s.attrelid = r.oid WHERE s.attname = c.attname AND NOT s.attisdropped) ORDER BY c.attnum, w.who)";

constexpr const char *Comments = R"(
SELECT 'comment', 'of the table', live.said IS NOT NULL, NULL, format('COMMENT ON TABLE %s IS %s', t.full_name, quote_nullable(live.said))
FROM t, r, LATERAL (SELECT obj_description(t.oid, 'pg_class') AS said) live WHERE live.said IS DISTINCT FROM obj_description(r.oid, 'pg_class')
UNION ALL
SELECT 'comment', 'of column ' || a.attname, live.said IS NOT NULL, NULL, format('COMMENT ON COLUMN %s.%I IS %s', t.full_name, a.attname, quote_nullable(live.said))
FROM t, r, pg_attribute a, pg_attribute s, LATERAL (SELECT col_description(t.oid, a.attnum) AS said) live
WHERE a.attrelid = t.oid AND s.attrelid = r.oid AND a.attname = s.attname AND a.attnum > 0 AND NOT a.attisdropped AND live.said IS DISTINCT FROM col_description(r.oid, s.attnum))";

constexpr const char *ReplicaIdentity = R"(
SELECT 'replica identity', i.said, true, NULL, format('ALTER TABLE %s REPLICA IDENTITY %s', t.full_name, i.said)
FROM t, r, LATERAL (SELECT CASE t.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' WHEN 'd' THEN 'DEFAULT' ELSE
    (SELECT format('USING INDEX %I', x.relname) FROM pg_index n JOIN pg_class x ON x.oid = n.indexrelid WHERE n.indrelid = t.oid AND n.indisreplident) END AS said) i
WHERE t.relreplident <> r.relreplident OR t.relreplident = 'i')";

constexpr const char *Policies = R"(
SELECT 'policy', l.polname, true, NULL, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', l.polname, t.full_name, CASE WHEN l.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
       CASE l.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
       (SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ') FROM unnest(l.polroles) o),
       ' USING (' || pg_get_expr(l.polqual, l.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(l.polwithcheck, l.polrelid) || ')')
       || coalesce(format('; COMMENT ON POLICY %I ON %s IS %L', l.polname, t.full_name, obj_description(l.oid, 'pg_policy')), '')
FROM t JOIN pg_policy l ON l.polrelid = t.oid
UNION ALL
SELECT 'row security', CASE WHEN t.relrowsecurity THEN 'on' ELSE 'off' END, true, NULL,
       format('ALTER TABLE %s %s ROW LEVEL SECURITY, %s ROW LEVEL SECURITY', t.full_name, CASE WHEN t.relrowsecurity THEN 'ENABLE' ELSE 'DISABLE' END, CASE WHEN t.relforcerowsecurity THEN 'FORCE' ELSE 'NO FORCE' END)
FROM t, r WHERE (t.relrowsecurity, t.relforcerowsecurity) IS DISTINCT FROM (r.relrowsecurity, r.relforcerowsecurity))";

constexpr const char *Triggers = R"(
SELECT 'trigger', g.tgname, true, NULL, pg_get_triggerdef(g.oid)
       || CASE g.tgenabled WHEN 'O' THEN '' ELSE format('; ALTER TABLE %s %s TRIGGER %I', t.full_name, CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, g.tgname) END
       || CASE WHEN obj_description(g.oid, 'pg_trigger') IS NULL THEN '' ELSE format('; COMMENT ON TRIGGER %I ON %s IS %L', g.tgname, t.full_name, obj_description(g.oid, 'pg_trigger')) END
FROM t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal ORDER BY g.tgname)";

constexpr const char *Sequences = R"(
SELECT 'sequence', s.relname, true, NULL, format('ALTER SEQUENCE %I.%I OWNED BY %s', n.nspname, s.relname, coalesce(format('%s.%I', t.full_name, b.attname), 'NONE'))
FROM t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND d.refobjsubid > 0 AND d.classid = 'pg_class'::regclass AND d.deptype = 'a'
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_namespace n ON n.oid = s.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
LEFT JOIN (r JOIN pg_attribute b ON b.attrelid = r.oid AND NOT b.attisdropped) ON b.attname = a.attname ORDER BY s.relname)";

constexpr const char *ForeignKeys = R"(
SELECT 'foreign key', k.conname || ' of ' || k.table_name, true, format('ALTER TABLE %s DROP CONSTRAINT %I', k.full_name, k.conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.full_name, k.conname, pg_get_constraintdef(k.oid))
       || CASE WHEN obj_description(k.oid, 'pg_constraint') IS NULL THEN '' ELSE format('; COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, k.full_name, obj_description(k.oid, 'pg_constraint')) END
FROM keys k ORDER BY k.full_name, k.conname)";

/// Replaced in place, so that its owner, grants, triggers and the views that read it stay.
constexpr const char *Views = R"(
SELECT 'view', v.view_name, true, NULL, format('CREATE OR REPLACE VIEW %s%s AS %s', v.full_name, ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.ev_class))
FROM views v ORDER BY v.full_name)";

constexpr const char *Publications = R"(
SELECT 'publication', b.pubname, true, format('ALTER PUBLICATION %I DROP TABLE %s', b.pubname, t.full_name), format('ALTER PUBLICATION %I ADD TABLE %s', b.pubname, t.full_name)
FROM t JOIN pg_publication_rel l ON l.prrelid = t.oid JOIN pg_publication b ON b.oid = l.prpubid ORDER BY b.pubname)";

constexpr const char *FilteredPublications = R"(
SELECT 'publication', b.pubname, true, format('ALTER PUBLICATION %I DROP TABLE %s', b.pubname, t.full_name), format('ALTER PUBLICATION %I ADD TABLE %s%s%s', b.pubname, t.full_name,
       ' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (l.prattrs::int2[])) || ')',
       ' WHERE (' || pg_get_expr(l.prqual, l.prrelid) || ')')
FROM t JOIN pg_publication_rel l ON l.prrelid = t.oid JOIN pg_publication b ON b.oid = l.prpubid ORDER BY b.pubname)";

constexpr const char *Obstacles = R"(
SELECT CASE WHEN m.oid IS NULL THEN pg_describe_object(o.classid, o.objid, 0) ELSE pg_describe_object('pg_class'::regclass, m.ev_class, 0) END
FROM p, outside o LEFT JOIN rules m ON m.oid = o.objid AND m.rulename = '_RETURN' WHERE NOT CASE o.classid
    WHEN 'pg_rewrite'::regclass THEN EXISTS (SELECT FROM rules w WHERE w.oid = o.objid AND w.relkind = 'v' AND w.rulename = '_RETURN')
    WHEN 'pg_constraint'::regclass THEN EXISTS (SELECT FROM pg_constraint c WHERE c.oid = o.objid AND c.contype = 'f')
    WHEN 'pg_policy'::regclass THEN EXISTS (SELECT FROM pg_policy l WHERE l.oid = o.objid AND l.polrelid = p.live)
    WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger g WHERE g.oid = o.objid AND g.tgrelid = p.live)
    WHEN 'pg_publication_rel'::regclass THEN true
    WHEN 'pg_attrdef'::regclass THEN EXISTS (SELECT FROM pg_attrdef a WHERE a.oid = o.objid AND a.adrelid = p.live)
    WHEN 'pg_statistic_ext'::regclass THEN true
    ELSE false END
UNION ALL SELECT pg_describe_object('pg_rewrite'::regclass, w.oid, 0) FROM t JOIN pg_rewrite w ON w.ev_class = t.oid
UNION ALL SELECT 'subscription ' || b.subname FROM t JOIN pg_subscription_rel l ON l.srrelid = t.oid JOIN pg_subscription b ON b.oid = l.srsubid
UNION ALL SELECT 'table ' || i.inhrelid::regclass || ', which inherits from it' FROM t JOIN pg_inherits i ON i.inhparent = t.oid WHERE t.relkind = 'r'
UNION ALL SELECT 'table ' || i.inhparent::regclass || ', which it is a part of' FROM t JOIN pg_inherits i ON i.inhrelid = t.oid
ORDER BY 1)";

constexpr const char *Outsiders = R"(
SELECT pg_describe_object(CASE WHEN w.oid IS NULL THEN o.classid ELSE 'pg_class'::regclass END, coalesce(w.ev_class, o.objid), 0) FROM outside o
LEFT JOIN pg_rewrite w ON o.classid = 'pg_rewrite'::regclass AND w.oid = o.objid
WHERE NOT EXISTS (SELECT FROM p, pg_constraint c WHERE o.classid = 'pg_constraint'::regclass AND c.oid = o.objid AND c.conrelid = ANY (p.lives))
AND o.classid NOT IN ('pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_publication_rel'::regclass, 'pg_attrdef'::regclass, 'pg_statistic_ext'::regclass) ORDER BY 1)";

constexpr const char *Clearing = R"(
SELECT format('REVOKE ALL ON TABLE %s FROM %s CASCADE', r.full_name, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
FROM r, LATERAL (SELECT grantee FROM aclexplode(coalesce(r.relacl, acldefault('r', r.relowner)))
                 UNION SELECT e.grantee FROM pg_attribute c, aclexplode(c.attacl) e WHERE c.attrelid = r.oid) a
UNION ALL SELECT format('DROP TRIGGER %I ON %s', g.tgname, r.full_name) FROM r JOIN pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
UNION ALL SELECT format('DROP POLICY %I ON %s', l.polname, r.full_name) FROM r JOIN pg_policy l ON l.polrelid = r.oid)";

} // namespace

QByteArrayList dependantQueries(int serverVersion)
{
    QByteArrayList queries;
    for (const char *const query : {Owner, Grants, ColumnGrants, Comments, ReplicaIdentity, Policies, Triggers, Sequences, ForeignKeys, Views,
                                    serverVersion >= FirstVersionWithFilteredPublications ? FilteredPublications : Publications})
        queries += QByteArray(Common) + query;
    return queries;
}

QByteArray obstacleQuery()
{
    return QByteArray(Common) + Obstacles;
}

QByteArray outsiderQuery()
{
    return QByteArray(Common) + Outsiders;
}

QByteArray clearingQuery()
{
    return QByteArray(Common) + Clearing;
}

/// ALTER … OWNER TO the owner that it has.
QByteArray viewLockQuery()
{
    return QByteArray(Common) + "SELECT format('ALTER VIEW %s OWNER TO %I', full_name, pg_get_userbyid(relowner)) FROM views ORDER BY ev_class";
}

QByteArray referringTableQuery()
{
    return QByteArray(Common) + "SELECT DISTINCT full_name FROM keys ORDER BY full_name";
}

} // namespace connectors::pgreadmodel
