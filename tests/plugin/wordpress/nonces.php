<?php
/** Nonces: for one user, one action, and half a day each way. */

function wp_nonce_tick() {
	return (int) ceil( time() / ( DAY_IN_SECONDS / 2 ) );
}

function nonce_of( $tick, $action ) {
	return substr( hash_hmac( 'md5', $tick . '|' . $action . '|' . get_current_user_id(), 'nonce salt' ), -12, 10 );
}

function wp_create_nonce( $action = -1 ) {
	return nonce_of( wp_nonce_tick(), $action );
}

function wp_verify_nonce( $nonce, $action = -1 ) {
	$nonce = (string) $nonce;
	if ( '' === $nonce ) {
		return false;
	}
	if ( hash_equals( nonce_of( wp_nonce_tick(), $action ), $nonce ) ) {
		return 1;
	}
	return hash_equals( nonce_of( wp_nonce_tick() - 1, $action ), $nonce ) ? 2 : false;
}

function check_admin_referer( $action = -1, $name = '_wpnonce' ) {
	$good = wp_verify_nonce( $_REQUEST[ $name ] ?? '', $action );
	if ( ! $good ) {
		wp_die( 'The link you followed has expired.', 'Something went wrong.', 403 );
	}
	return $good;
}

function check_ajax_referer( $action = -1, $name = false, $stop = true ) {
	$good = wp_verify_nonce( $_REQUEST[ $name ?: '_ajax_nonce' ] ?? $_REQUEST['_wpnonce'] ?? '', $action );
	if ( ! $good && $stop ) {
		wp_die( '-1', 403 );
	}
	return $good;
}

function wp_nonce_field( $action = -1, $name = '_wpnonce', $referer = true, $display = true ) {
	$field = '<input type="hidden" id="' . esc_attr( $name ) . '" name="' . esc_attr( $name ) . '" value="' . wp_create_nonce( $action ) . '" />';
	if ( $display ) {
		echo $field;
	}
	return $field;
}

function wp_nonce_url( $url, $action = -1, $name = '_wpnonce' ) {
	return esc_html( add_query_arg( $name, wp_create_nonce( $action ), str_replace( '&amp;', '&', $url ) ) );
}
