<?php
/** Requests that the plugin makes: real ones, over PHP's own streams. Each is noted in $wordpress_requests. */

class WP_Error {
	private $problems = array();
	private $details  = array();

	public function __construct( $code = '', $message = '', $data = '' ) {
		if ( '' !== $code ) {
			$this->add( $code, $message, $data );
		}
	}

	public function add( $code, $message, $data = '' ) {
		$this->problems[ $code ][] = $message;
		if ( '' !== $data ) {
			$this->details[ $code ] = $data;
		}
	}

	public function has_errors() {
		return array() !== $this->problems;
	}

	public function get_error_code() {
		return (string) array_key_first( $this->problems );
	}

	public function get_error_message( $code = '' ) {
		return $this->problems[ $code ?: $this->get_error_code() ][0] ?? '';
	}

	public function get_error_messages() {
		return array_merge( array(), ...array_values( $this->problems ) );
	}

	public function get_error_data( $code = '' ) {
		return $this->details[ $code ?: $this->get_error_code() ] ?? null;
	}
}

function is_wp_error( $thing ) {
	return $thing instanceof WP_Error;
}

$GLOBALS['wordpress_requests'] = array();

function wp_remote_request( $url, $args = array() ) {
	$args = array_merge(
		array(
			'method'              => 'GET',
			'timeout'             => 5,
			'redirection'         => 5,
			'blocking'            => true,
			'headers'             => array(),
			'body'                => null,
			'cookies'             => array(),
			'reject_unsafe_urls'  => false,
			'limit_response_size' => null,
			'user-agent'          => 'WordPress/' . $GLOBALS['wp_version'] . '; ' . home_url(),
		),
		$args
	);
	$GLOBALS['wordpress_requests'][] = array( 'url' => $url, 'args' => $args );

	$early = apply_filters( 'pre_http_request', false, $args, $url );
	if ( false !== $early ) {
		return $early;
	}
	if ( $args['reject_unsafe_urls'] && ! wp_http_validate_url( $url ) ) {
		return new WP_Error( 'http_request_failed', 'A valid URL was not provided.' );
	}
	return $args['blocking'] ? asked( $url, $args ) : thrown( $url, $args );
}

function wp_remote_get( $url, $args = array() ) {
	return wp_remote_request( $url, array_merge( $args, array( 'method' => 'GET' ) ) );
}

function wp_remote_post( $url, $args = array() ) {
	return wp_remote_request( $url, array_merge( $args, array( 'method' => 'POST' ) ) );
}

function wp_safe_remote_request( $url, $args = array() ) {
	return wp_remote_request( $url, array_merge( $args, array( 'reject_unsafe_urls' => true ) ) );
}

function wp_safe_remote_get( $url, $args = array() ) {
	return wp_safe_remote_request( $url, array_merge( $args, array( 'method' => 'GET' ) ) );
}

function wp_safe_remote_post( $url, $args = array() ) {
	return wp_safe_remote_request( $url, array_merge( $args, array( 'method' => 'POST' ) ) );
}

/** What WordPress calls safe: no user, no inside address unless a filter says so, three ports or the filter's. */
function wp_http_validate_url( $url ) {
	$parts = parse_url( (string) $url );
	if ( ! $parts || ! in_array( $parts['scheme'] ?? '', array( 'http', 'https' ), true ) || empty( $parts['host'] ) ) {
		return false;
	}
	if ( isset( $parts['user'] ) || isset( $parts['pass'] ) || false !== strpbrk( $parts['host'], ':#?[]' ) ) {
		return false;
	}
	$host = rtrim( $parts['host'], '.' );
	$own  = parse_url( home_url() );
	$same = strtolower( $own['host'] ) === strtolower( $host );
	if ( ! $same && lives_inside( $host, $url ) && ! apply_filters( 'http_request_host_is_external', false, $host, $url ) ) {
		return false;
	}
	if ( empty( $parts['port'] ) ) {
		return $url;
	}
	$ports = apply_filters( 'http_allowed_safe_ports', array( 80, 443, 8080 ), $host, $url );
	return in_array( $parts['port'], $ports, true ) || ( $same && ( $own['port'] ?? null ) === $parts['port'] ) ? $url : false;
}

/** A name that WORDPRESS_ORIGINS knows is one of the outside. */
function lives_inside( $host, $url ) {
	if ( origin_of( $url ) !== real_origin( $url ) ) {
		return false;
	}
	$number = filter_var( $host, FILTER_VALIDATE_IP ) ? $host : gethostbyname( $host );
	return ! filter_var( $number, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE );
}

function origin_of( $url ) {
	$parts = parse_url( $url );
	return $parts['scheme'] . '://' . $parts['host'] . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' );
}

function real_origin( $url ) {
	$known = json_decode( getenv( 'WORDPRESS_ORIGINS' ) ?: '{}', true );
	return $known[ origin_of( $url ) ] ?? origin_of( $url );
}

/** The request as bytes, but for its first line. */
function request_head( $args ) {
	$headers = array_change_key_case( $args['headers'] );
	$body    = body_bytes( $args['body'] );
	$headers += array( 'user-agent' => $args['user-agent'], 'accept' => '*/*', 'connection' => 'close' );
	if ( is_array( $args['body'] ) ) {
		$headers += array( 'content-type' => 'application/x-www-form-urlencoded' );
	}
	if ( null !== $args['body'] || ! in_array( $args['method'], array( 'GET', 'HEAD' ), true ) ) {
		$headers['content-length'] = (string) strlen( $body );
	}
	$lines = array();
	foreach ( $headers as $name => $value ) {
		foreach ( (array) $value as $one ) {
			if ( preg_match( '/[\r\n\0]/', $name . $one ) ) {
				throw new InvalidArgumentException( "a header with a line break: $name" );
			}
			$lines[] = ucwords( $name, '-' ) . ": $one";
		}
	}
	return $lines;
}

function body_bytes( $body ) {
	return is_array( $body ) ? http_build_query( $body, '', '&' ) : (string) $body;
}

function asked( $url, $args ) {
	$there   = real_origin( $url ) . substr( $url, strlen( origin_of( $url ) ) );
	$context = stream_context_create(
		array(
			'http' => array(
				'method'           => $args['method'],
				'header'           => request_head( $args ),
				'content'          => body_bytes( $args['body'] ),
				'timeout'          => $args['timeout'],
				'follow_location'  => 0,
				'ignore_errors'    => true,
				'protocol_version' => 1.1,
			),
		)
	);
	$began  = microtime( true );
	$stream = @fopen( preg_replace( '/#.*/', '', $there ), 'rb', false, $context );
	if ( false === $stream ) {
		return new WP_Error( 'http_request_failed', 'cURL error 7: ' . ( error_get_last()['message'] ?? 'no answer' ) );
	}
	$body = '';
	while ( ! feof( $stream ) ) {
		$left = $args['timeout'] - ( microtime( true ) - $began );
		if ( $left <= 0 ) {
			return new WP_Error( 'http_request_failed', 'cURL error 28: Operation timed out' );
		}
		stream_set_timeout( $stream, (int) $left, (int) ( fmod( $left, 1 ) * 1000000 ) + 1 );
		$body .= (string) fread( $stream, 65536 );
		if ( $args['limit_response_size'] && strlen( $body ) >= $args['limit_response_size'] ) {
			$body = substr( $body, 0, $args['limit_response_size'] );
			break;
		}
	}
	$lines = stream_get_meta_data( $stream )['wrapper_data'];
	fclose( $stream );
	return answer_of( $lines, $body, $url, $args );
}

function answer_of( $lines, $body, $url, $args ) {
	$status  = 0;
	$headers = array();
	foreach ( $lines as $line ) {
		if ( preg_match( '#^HTTP/[\d.]+ (\d+)#', $line, $found ) ) {
			$status  = (int) $found[1];
			$headers = array();
			continue;
		}
		list( $name, $value ) = array_map( 'trim', explode( ':', $line, 2 ) + array( 1 => '' ) );
		$name                 = strtolower( $name );
		$headers[ $name ]     = isset( $headers[ $name ] ) ? array_merge( (array) $headers[ $name ], array( $value ) ) : $value;
	}
	$onward = $headers['location'] ?? null;
	if ( is_string( $onward ) && $status >= 300 && $status < 400 && $args['redirection'] > 0 ) {
		$onward = '/' === $onward[0] ? origin_of( $url ) . $onward : $onward;
		return wp_remote_request( $onward, array_merge( $args, array( 'redirection' => $args['redirection'] - 1 ) ) );
	}
	return array(
		'headers'  => new WP_Headers( $headers ),
		'body'     => $body,
		'response' => array( 'code' => $status, 'message' => '' ),
		'cookies'  => array(),
		'filename' => null,
	);
}

/** Not waiting: the bytes go out, nothing is read. */
function thrown( $url, $args ) {
	$nothing = array( 'headers' => array(), 'body' => '', 'response' => array( 'code' => false, 'message' => false ), 'cookies' => array() );
	$real    = parse_url( real_origin( $url ) );
	$stream  = @stream_socket_client( 'tcp://' . $real['host'] . ':' . ( $real['port'] ?? 80 ), $code, $words, max( 1, $args['timeout'] ) );
	if ( false === $stream ) {
		return $nothing;
	}
	$path  = substr( $url, strlen( origin_of( $url ) ) ) ?: '/';
	$host  = $real['host'] . ( isset( $real['port'] ) ? ':' . $real['port'] : '' );
	$lines = array_merge( array( $args['method'] . " $path HTTP/1.1", "Host: $host" ), request_head( $args ) );
	fwrite( $stream, implode( "\r\n", $lines ) . "\r\n\r\n" . body_bytes( $args['body'] ) );
	stream_socket_shutdown( $stream, STREAM_SHUT_WR );
	// A peer that has not read yet must not see the connection torn down under it.
	$GLOBALS['wordpress_open_streams'][] = $stream;
	return $nothing;
}

/** Names of headers do not care for case. */
class WP_Headers extends ArrayObject {
	#[\ReturnTypeWillChange]
	public function offsetGet( $name ) {
		return parent::offsetGet( strtolower( $name ) );
	}

	#[\ReturnTypeWillChange]
	public function offsetExists( $name ) {
		return parent::offsetExists( strtolower( $name ) );
	}

	public function getAll() {
		return $this->getArrayCopy();
	}
}

function wp_remote_retrieve_response_code( $answer ) {
	return is_array( $answer ) ? $answer['response']['code'] : '';
}

function wp_remote_retrieve_body( $answer ) {
	return is_array( $answer ) ? $answer['body'] : '';
}

function wp_remote_retrieve_headers( $answer ) {
	return is_array( $answer ) ? $answer['headers'] : array();
}

function wp_remote_retrieve_header( $answer, $name ) {
	return is_array( $answer ) && isset( $answer['headers'][ $name ] ) ? $answer['headers'][ $name ] : '';
}
