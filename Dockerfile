# One image for every process of the bot: `run` unless another command is named, as in `docker run … web`.
# It holds no settings and no secrets; those, and all data, are in the volume at /data (docs/install.md).
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS build
# The packages come first: they change more rarely than the code.
COPY requirements.txt /tmp/
RUN python3 -m venv /opt/petition/.venv \
    && /opt/petition/.venv/bin/pip install --no-cache-dir --requirement /tmp/requirements.txt \
    && /opt/petition/.venv/bin/pip uninstall --yes pip
COPY chatbot /opt/petition/chatbot
COPY locales /opt/petition/locales
COPY LICENSE THIRD-PARTY.txt /opt/petition/
# Nothing can be compiled later: the root file system is read-only.
RUN /opt/petition/.venv/bin/python -m compileall -q -j0 /opt/petition

FROM ${BASE}
COPY --from=build /opt/petition /opt/petition
# pg_dump and pg_restore, for backups of a petition in PostgreSQL.
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends postgresql-client > /dev/null \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin petition \
    && install -d -m 700 -o petition -g petition /data
ENV PATH=/opt/petition/.venv/bin:$PATH \
    PYTHONPATH=/opt/petition \
    PYTHONUNBUFFERED=1 \
    container=oci \
    VOLUME_REQUIRED=true
USER petition
WORKDIR /data
ENTRYPOINT ["python", "-m", "chatbot"]
CMD ["run"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "chatbot", "healthy"]
