{{ staged_complaints('web_forms') }}
