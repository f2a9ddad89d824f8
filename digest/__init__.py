"""The paper: people edit, publish and post it. Also the Django project."""
