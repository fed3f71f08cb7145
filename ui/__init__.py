"""The Streamlit app: the only room that knows streamlit and pydeck."""
