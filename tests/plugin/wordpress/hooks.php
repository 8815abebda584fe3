<?php
/** Actions and filters, with priorities and numbers of arguments. */

$GLOBALS['wordpress_hooks'] = array();
$GLOBALS['wordpress_done']  = array();
$GLOBALS['wordpress_doing'] = array();
$GLOBALS['wp_current_filter'] = &$GLOBALS['wordpress_doing'];

function add_filter( $hook, $callback, $priority = 10, $accepted = 1 ) {
	$GLOBALS['wordpress_hooks'][ $hook ][ $priority ][] = array( $callback, $accepted );
	return true;
}

function add_action( $hook, $callback, $priority = 10, $accepted = 1 ) {
	return add_filter( $hook, $callback, $priority, $accepted );
}

function remove_filter( $hook, $callback, $priority = 10 ) {
	$gone = false;
	foreach ( $GLOBALS['wordpress_hooks'][ $hook ][ $priority ] ?? array() as $place => $one ) {
		if ( $one[0] === $callback ) {
			unset( $GLOBALS['wordpress_hooks'][ $hook ][ $priority ][ $place ] );
			$gone = true;
		}
	}
	return $gone;
}

function remove_action( $hook, $callback, $priority = 10 ) {
	return remove_filter( $hook, $callback, $priority );
}

function has_filter( $hook, $callback = false ) {
	foreach ( $GLOBALS['wordpress_hooks'][ $hook ] ?? array() as $priority => $ones ) {
		foreach ( $ones as $one ) {
			if ( false === $callback ) {
				return true;
			}
			if ( $one[0] === $callback ) {
				return $priority;
			}
		}
	}
	return false;
}

function has_action( $hook, $callback = false ) {
	return has_filter( $hook, $callback );
}

function apply_filters( $hook, $value = null, ...$more ) {
	$GLOBALS['wordpress_doing'][] = $hook;
	$waiting                      = $GLOBALS['wordpress_hooks'][ $hook ] ?? array();
	ksort( $waiting );
	foreach ( $waiting as $ones ) {
		foreach ( $ones as $one ) {
			$value = call_user_func_array( $one[0], array_slice( array( $value, ...$more ), 0, $one[1] ) );
		}
	}
	array_pop( $GLOBALS['wordpress_doing'] );
	return $value;
}

function do_action( $hook, ...$given ) {
	$GLOBALS['wordpress_done'][ $hook ] = ( $GLOBALS['wordpress_done'][ $hook ] ?? 0 ) + 1;
	$GLOBALS['wordpress_doing'][]       = $hook;
	$waiting                            = $GLOBALS['wordpress_hooks'][ $hook ] ?? array();
	ksort( $waiting );
	foreach ( $waiting as $ones ) {
		foreach ( $ones as $one ) {
			call_user_func_array( $one[0], array_slice( $given ?: array( '' ), 0, $one[1] ) );
		}
	}
	array_pop( $GLOBALS['wordpress_doing'] );
}

function did_action( $hook ) {
	return $GLOBALS['wordpress_done'][ $hook ] ?? 0;
}

function current_filter() {
	return end( $GLOBALS['wordpress_doing'] );
}

function doing_action( $hook = null ) {
	return null === $hook ? (bool) $GLOBALS['wordpress_doing'] : in_array( $hook, $GLOBALS['wordpress_doing'], true );
}

function register_activation_hook( $file, $callback ) {
	add_action( 'activate_' . plugin_basename( $file ), $callback );
}

function register_deactivation_hook( $file, $callback ) {
	add_action( 'deactivate_' . plugin_basename( $file ), $callback );
}

function __return_true() {
	return true;
}

function __return_false() {
	return false;
}

function __return_empty_string() {
	return '';
}
