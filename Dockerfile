# One image for the server, the worker and the clock; docker-compose.yml says which is which.

FROM node:20-bookworm-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-fund --no-audit
COPY web ./
COPY server/locale ../server/locale
RUN npm run build

FROM python:3.12-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
# Only the server's own packages: in production no database is embedded.
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock \
    && useradd --system --uid 10001 --home-dir /app vaxel \
    && install -d -o vaxel -g vaxel /data
COPY storage ./storage
COPY integrations ./integrations
COPY server ./server
COPY worker ./worker
COPY --from=web /build/web/dist ./web/dist
RUN python -m compileall -q server storage integrations worker
USER vaxel
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["python", "-m", "server", "run"]
