{{ staged_complaints('social_media') }}
