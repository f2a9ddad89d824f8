"""How gunicorn serves the site: `python -m gunicorn --bind ADDRESS` in this folder reads this file by itself."""

wsgi_app = "digest.wsgi"
worker_class = "digest.web.worker.WaitressWorker"
workers = 2
threads = 8
loglevel = "warning"
