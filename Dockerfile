# One image for both processes: web (the default command) and worker. `compose.yaml` shows how they are started.
FROM python:3.11-slim-bookworm AS build
COPY constraints.txt /build/
WORKDIR /build
RUN python -m venv /opt/edms \
    && /opt/edms/bin/pip install --no-cache-dir --constraint constraints.txt --upgrade pip
COPY pyproject.toml README.md LICENSE ./
COPY src/ src/
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
