{{ staged_complaints('call_logs') }}
