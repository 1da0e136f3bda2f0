{#
  DuckDB reads the files that the lake's current.json names, and no others: each source becomes a view of them. All models of a run
  see one commit, because the file is read once. Other warehouses hold tables that were loaded; there is nothing to do.
#}
{% macro create_lake_views() %}
    {% if execute and target.type == 'duckdb' %}
        {% set lake = env_var('LAKE', 'output/complaints') %}
        {% set text = run_query("select content from read_text(" ~ quoted(lake ~ '/current.json') ~ ")") %}
        {% set index = fromjson(text.rows[0][0]) %}
        {% do run_query('create schema if not exists lake') %}
        {% for source in graph.sources.values() if source.source_name == 'lake' %}
            {% do run_query(lake_view(lake, index, source)) %}
        {% endfor %}
        {% do log('lake ' ~ lake ~ ' at version ' ~ index.commit, info=true) %}
    {% endif %}
{% endmacro %}


{% macro quoted(text) %}{{ return("'" ~ text | replace("'", "''") ~ "'") }}{% endmacro %}


{# The statement that makes a source a view of its files; of a table without a delivery, a view without rows. #}
{% macro lake_view(lake, index, source) %}
    {% set table = index.tables[source.name] %}
    {% if table is not defined %}
        {% do exceptions.raise_compiler_error(
            lake ~ '/current.json has no table ' ~ source.name ~ '; run support-etl complaints run, of the version that this kit is from'
        ) %}
    {% endif %}
    {% for file in table.files if file.format != 'parquet' %}
        {% do exceptions.raise_compiler_error(lake ~ '/' ~ file.path ~ ' is ' ~ file.format ~ ', and the models read parquet') %}
    {% endfor %}
    {% set columns = [] %}
    {% for column in source.columns.values() if column.name != '_day' %}
        {% do columns.append('cast(' ~ (column.name if table.files else 'null') ~ ' as ' ~ column.data_type ~ ') as ' ~ column.name) %}
    {% endfor %}
    {% set selected = columns | join(', ') %}
    {% set head = 'create or replace view lake.' ~ source.name ~ ' as ' %}
    {% if not table.files %}
        {{ return(head ~ 'select cast(null as date) as _day, ' ~ selected ~ ' where false') }}
    {% endif %}
    {% set paths = [] %}
    {% set days = [] %}
    {% for file in table.files %}
        {% set path = quoted(lake ~ '/' ~ file.path) %}
        {% do paths.append(path) %}
        {% do days.append('(' ~ path ~ ', ' ~ quoted(file.day | default('-infinity')) ~ '::date)') %}
    {% endfor %}
    {{ return(
        head ~ 'select files.day as _day, ' ~ selected
        ~ ' from read_parquet([' ~ paths | join(', ') ~ '], filename = \'_path\') as deliveries'
        ~ ' inner join (values ' ~ days | join(', ') ~ ') as files (path, day) on deliveries._path = files.path'
    ) }}
{% endmacro %}
